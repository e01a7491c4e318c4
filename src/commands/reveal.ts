import type { Context } from '../context.ts'
import { ProvError } from '../core/errors.ts'
import { escapeLine, escapeText } from '../core/escape.ts'
import { stringifyLine } from '../core/json.ts'
import { decryptFields, readIdentities } from './age-file.ts'
import { redactorOf } from './redactor.ts'
import { pickRestricted, readRestricted, recordAccess } from './restricted-records.ts'
import { parseWords } from './spec.ts'
import { commandNamed } from './table.ts'

/** `git prov reveal ID`: decrypts restricted fields, and says on the ledger that they were read. */
export async function run(argv: string[], context: Context): Promise<number> {
  const { flags, words } = parseWords(commandNamed('reveal'), argv)
  const [prefix, ...names] = words
  if (prefix === undefined)
    throw new ProvError('usage', 'reveal takes the id of a restricted record', { hint: 'git prov help reveal' })
  const repository = context.repository()
  const { id, record } = pickRestricted(await readRestricted(repository), prefix)
  const identities = readIdentities(repository, flags.identity as string | undefined)
  const open = await decryptFields(record, names.length > 0 ? names : Object.keys(record.fields), identities)
  const reason = flags.reason as string | undefined
  await recordAccess(context, [{ id, record, text: '' }], {
    how: 'reveal',
    names: open.map(({ field }) => field),
    ...(reason && { reason: redactorOf(context).redact(reason, 'reason').text }),
  })
  if (flags.json)
    context.stdout.write(
      `${stringifyLine({ id, fields: Object.fromEntries(open.map(({ field, value }) => [field, value])) })}\n`,
    )
  else
    for (const { field, value } of open)
      context.stdout.write(
        value.includes('\n')
          ? `${escapeLine(field)}:\n${escapeText(value)}\n`
          : `${escapeLine(field)}: ${escapeText(value)}\n`,
      )
  return 0
}
