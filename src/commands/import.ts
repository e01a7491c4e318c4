import { ProvError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import type { Context } from '../context.ts'
import { formats } from '../exchange/imports.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov import <format> [<path>]`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [name, path, ...more] = words
  const format = formats.find((candidate) => candidate.name === name)
  if (!format || more.length > 0) throw misused(name, more)
  const importFrom = await format.load()
  return await importFrom({ context, path, dryRun: flags['dry-run'] === true, json: flags.json === true })
}

function misused(name: string | undefined, more: readonly string[]): ProvError {
  const names = formats.map((format) => format.name)
  if (name === undefined)
    return new ProvError('usage', 'name what to import', { hint: `git prov import ${names.join('|')} [<path>]` })
  if (more.length > 0) return new ProvError('usage', 'import takes at most one path', { hint: 'git prov help import' })
  const guess = nearest(name, names)
  return new ProvError('usage', `unknown import '${name}'`, {
    hint: guess ? `git prov import ${guess}` : `one of: ${names.join(', ')}`,
  })
}
