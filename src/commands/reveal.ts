import { ProvError } from '../base/errors.ts'
import { escapeLine, escapeText } from '../base/escape.ts'
import { stringifyLine } from '../base/json.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { decryptFields, readIdentities } from '../recording/privacy/age-file.ts'
import { restrictedOf } from '../recording/privacy/restricted-records.ts'
import { recordAccess } from '../recording/record-access.ts'
import type { Restricted, StoredRecord } from '../records/record.ts'
import type { OpenField } from '../records/restricted.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov reveal ID`: decrypts restricted fields, and says on the ledger that they were read. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [word, ...names] = words
  if (word === undefined)
    throw new ProvError('usage', 'reveal takes the id of a record, a run or a commit', {
      hint: 'git prov help reveal',
    })
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    const found = await restrictedOf(repository, objects, word)
    const identities = readIdentities(repository, flags.identity as string | undefined)
    const { open, read, shut } = await decryptAll(found, names, identities)
    const reason = flags.reason as string | undefined
    await recordAccess(context, read, {
      how: 'reveal',
      names: open.map(({ field }) => field),
      ...(reason && { reason }),
    })
    if (flags.json) printJson(context, read[0]?.id ?? '', open)
    else print(context, open)
    if (shut.length > 0)
      context.stderr.write(`${escapeLine(`prov: this key cannot decrypt fields for ${shut.join('; ')}`)}\n`)
    return 0
  } finally {
    objects.close()
  }
}

interface Revealed {
  open: OpenField[]
  /** The records they are of. */
  read: StoredRecord<Restricted>[]
  /** The roles of those the key does not open. */
  shut: string[]
}

/** Of several records, each field as the newest has it. Throws as decryptFields does when no one opens. */
async function decryptAll(
  found: readonly StoredRecord<Restricted>[],
  names: readonly string[],
  identities: readonly string[],
): Promise<Revealed> {
  const revealed: Revealed = { open: [], read: [], shut: [] }
  let refused: unknown
  for (const stored of holding(found, names)) {
    const has = (name: string) => Object.hasOwn(stored.record.fields, name)
    const asked = names.length === 0 || found.length === 1 ? names : names.filter(has)
    try {
      const wanted = asked.length > 0 ? asked : Object.keys(stored.record.fields)
      const open = await decryptFields(stored.record, wanted, identities)
      const news = open.filter(({ field }) => !revealed.open.some((known) => known.field === field))
      revealed.open.push(...news)
      if (news.length > 0) revealed.read.push(stored)
    } catch (error) {
      if (!(error instanceof ProvError && error.code === 'usage')) throw error
      refused ??= error
      revealed.shut.push(stored.record.to.join(', '))
    }
  }
  if (revealed.open.length === 0) throw refused
  return { ...revealed, shut: [...new Set(revealed.shut)] }
}

/** Those that have a field asked for; the first where none has, which says so. */
function holding(found: readonly StoredRecord<Restricted>[], names: readonly string[]) {
  const some = found.filter(({ record }) => names.some((name) => Object.hasOwn(record.fields, name)))
  return names.length === 0 ? found : some.length > 0 ? some : found.slice(0, 1)
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
