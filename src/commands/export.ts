import { ProvError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import type { Context } from '../context.ts'
import { things } from '../exchange/exports.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov export <thing> …`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [name = '', ...rest] = words
  const thing = things.find((candidate) => candidate.name === name)
  if (!thing) {
    const names = things.map((candidate) => candidate.name)
    const guess = nearest(name, names)
    throw new ProvError('usage', name === '' ? 'export what?' : `'${name}' is nothing git prov can export`, {
      hint: guess ? `git prov export ${guess}` : `one of: ${names.join(', ')}`,
    })
  }
  return await (await thing.load()).run({ flags, words: rest }, context)
}
