import { ProvError } from '../base/errors.ts'
import { stringifyLine } from '../base/json.ts'
import { plural } from '../base/quantity.ts'
import type { Context } from '../context.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'
import { seal } from '../trust/seal.ts'

/** `git prov seal`: one signature over everything recorded before it. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  if (words.length > 0) throw new ProvError('usage', 'seal takes no arguments', { hint: 'git prov help seal' })
  const sealed = await seal(context, { reason: flags.message as string | undefined, ask: context.stdin.isTTY === true })
  const { id, record } = sealed
  context.stdout.write(
    flags.json
      ? `${stringifyLine({ id, ...record })}\n`
      : `prov: sealed ${plural(record.files, 'file')} at ${record.tip.slice(0, 10)} (seal ${id.slice(0, 6)}); git prov verify --signatures\n`,
  )
  return 0
}
