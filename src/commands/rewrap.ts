import { plural } from '../base/quantity.ts'
import type { Context } from '../context.ts'
import { rewrapRecords } from '../recording/restricted/rewrap.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov rewrap`: encrypts restricted records anew where the keys of their roles have changed. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const { current, due } = await rewrapRecords(context, words, flags.identity as string | undefined)
  context.stdout.write(
    due.length === 0
      ? `prov: ${plural(current, 'restricted record')}: encrypted to the current keys\n`
      : `prov: ${plural(due.length, 'restricted record')} encrypted to the current keys; the old ciphertext stays in history until git prov redact ${due[0]?.id.slice(0, 12)}\n`,
  )
  return 0
}
