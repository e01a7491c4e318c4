import { ProvError } from '../base/errors.ts'
import { escapeLine, escapeText } from '../base/escape.ts'
import { stringifyLine } from '../base/json.ts'
import type { Context } from '../context.ts'
import { revealFields } from '../recording/restricted/reveal.ts'
import type { OpenField } from '../records/restricted.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov reveal ID`: decrypts restricted fields, and records that they were read. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [word, ...names] = words
  if (word === undefined)
    throw new ProvError('usage', 'reveal takes the id of a record, a run or a commit', {
      hint: 'git prov help reveal',
    })
  const { identity, reason } = flags as Record<string, string | undefined>
  const { open, read, shut } = await revealFields(context, { word, names, identity, reason })
  if (flags.json) printJson(context, read[0]?.id ?? '', open)
  else print(context, open)
  if (shut.length > 0)
    context.stderr.write(`${escapeLine(`prov: this key cannot decrypt fields for ${shut.join('; ')}`)}\n`)
  return 0
}

function printJson({ stdout }: Context, id: string, open: readonly OpenField[]): void {
  stdout.write(`${stringifyLine({ id, fields: Object.fromEntries(open.map(({ field, value }) => [field, value])) })}\n`)
}

function print({ stdout }: Context, open: readonly OpenField[]): void {
  for (const { field, value } of open)
    stdout.write(
      value.includes('\n')
        ? `${escapeLine(field)}:\n${escapeText(value)}\n`
        : `${escapeLine(field)}: ${escapeText(value)}\n`,
    )
}
