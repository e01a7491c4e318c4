import { ProvError } from '../base/errors.ts'
import { nearest } from '../base/nearest.ts'
import type { Context } from '../context.ts'
import type { ExportRequest } from '../exchange/export-request.ts'
import { exportables } from '../exchange/exports.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov export <exportable> … --<form>`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [name = '', ...rest] = words
  const exportable = exportables.find((candidate) => candidate.name === name)
  if (!exportable) {
    const names = exportables.map((candidate) => candidate.name)
    const guess = nearest(name, names)
    throw new ProvError('usage', name === '' ? 'name what to export' : `unknown export '${name}'`, {
      hint: guess ? `git prov export ${guess}` : `one of: ${names.join(', ')}`,
    })
  }
  const output = flags.output as string | undefined
  const request: ExportRequest = { context, words: rest, output }
  const form = exportable.forms.find((candidate) => flags[candidate.name])
  if (!form || !exportable.takes(request))
    throw new ProvError('usage', exportable.misuse.message, { hint: exportable.misuse.hint })
  return await (await form.load())(request)
}
