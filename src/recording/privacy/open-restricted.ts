import { ProvError } from '../../base/errors.ts'
import type { Context } from '../../context.ts'
import { decryptInto, describeRestricted, namedIn } from '../../privacy/restrict/decrypt.ts'
import type { Restricted, StoredRecord } from '../../records/record.ts'
import type { OpenField } from '../../records/restricted.ts'
import { foldRuns, type RunView } from '../../records/run.ts'
import { validate } from '../../records/validate.ts'
import { recordAccess } from '../record-access.ts'
import { configuredIdentities, decryptFields } from './age-file.ts'
import { currentOf, readRestricted } from './restricted-records.ts'

/** Records with their restricted parts restored, where a key decrypts them. */
export interface Opened {
  records: StoredRecord[]
  /** For placeholders that could not be decrypted: their digits to the roles whose keys could. */
  shut: Map<string, readonly string[]>
}

/**
 * Decrypts what a policy took out of records, with the keys in `identity` or prov.identity. The access is on the ledger
 * before anything is returned. Throws `record` when the decrypted record is not valid.
 */
export async function openRestricted(
  context: Context,
  records: readonly StoredRecord[],
  identity: string | undefined,
): Promise<Opened> {
  const names = new Set(records.flatMap(({ text }) => namedIn(text)))
  const result: Opened = { records: [...records], shut: new Map() }
  if (names.size === 0) return result
  const repository = context.repository()
  const holders = holdersOf(currentOf(await readRestricted(repository)), names)
  const identities = configuredIdentities(repository, identity)
  const open = new Map<string, OpenField>()
  const read = new Map<StoredRecord<Restricted>, string[]>()
  for (const [stored, fields] of holders) {
    const opened = identities && (await decryptOrShut(stored.record, [...fields.values()], identities))
    for (const [digits, name] of fields) {
      const field = opened?.find((one) => one.field === name)
      if (field) open.set(digits, field)
      else if (!open.has(digits)) result.shut.set(digits, stored.record.to)
    }
    if (opened) read.set(stored, [...fields.values()])
  }
  for (const digits of open.keys()) result.shut.delete(digits)
  if (read.size > 0) await recordAccess(context, [...read.keys()], { how: 'reveal', names: [...read.values()].flat() })
  result.records = await Promise.all(records.map((stored) => opened(stored, open)))
  return result
}

/** The same for a run, with its replays and remarks. */
export async function openRun(
  context: Context,
  run: RunView,
  identity?: string,
): Promise<{ run: RunView; shut: Opened['shut'] }> {
  const parts = [run.planned, run.finished, ...run.replays, ...run.remarks].flatMap((stored) => stored ?? [])
  const { records, shut } = await openRestricted(context, parts, identity)
  return { run: foldRuns(records)[0] ?? run, shut }
}

/** A record for a reader without all keys: what could not be decrypted is described. */
export function describeShut<R extends StoredRecord>(stored: R, shut: Opened['shut']): R {
  if (shut.size === 0) return stored
  const words = (digits: string) => {
    const to = shut.get(digits)
    return to ? `restricted (recipients: ${to.join(', ')}; commitment ${digits})` : `<restricted:${digits}>`
  }
  return { ...stored, record: describeRestricted(stored.record, words) }
}

/** The records that hold a wanted field, each with its fields: digits of the commitment to the field's name. */
function holdersOf(
  all: readonly StoredRecord<Restricted>[],
  names: ReadonlySet<string>,
): Map<StoredRecord<Restricted>, Map<string, string>> {
  const holders = new Map<StoredRecord<Restricted>, Map<string, string>>()
  for (const stored of all) {
    const fields = Object.entries(stored.record.fields).flatMap(([name, { commitment }]) => {
      const digits = commitment.slice(0, 12)
      return names.has(digits) ? [[digits, name] as const] : []
    })
    if (fields.length > 0) holders.set(stored, new Map(fields))
  }
  return holders
}

async function decryptOrShut(
  record: Restricted,
  names: readonly string[],
  identities: readonly string[],
): Promise<OpenField[] | undefined> {
  try {
    return await decryptFields(record, names, identities)
  } catch (error) {
    if (error instanceof ProvError && error.code === 'usage') return undefined
    throw error
  }
}

async function opened(stored: StoredRecord, open: ReadonlyMap<string, OpenField>): Promise<StoredRecord> {
  if (!namedIn(stored.text).some((digits) => open.has(digits))) return stored
  const record = decryptInto(stored.record, open)
  const [problem] = await validate(stored.record.kind, stored.record.version, record)
  if (record.kind === stored.record.kind && !problem) return { ...stored, record }
  throw new ProvError(
    'record',
    `record ${stored.id.slice(0, 12)} cannot be restored: ${problem?.message ?? record.kind}`,
    {
      hint: `git prov reveal ${stored.id.slice(0, 12)}`,
    },
  )
}
