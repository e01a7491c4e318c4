import { loadConfig } from '../../config/config-file.ts'
import type { Context } from '../../context.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import type { Restricted, StoredRecord } from '../../records/record.ts'
import { latestOf, recipientsOf } from '../../records/restricted.ts'
import type { Recording } from '../door.ts'
import { decryptFields, encryptFields, readIdentities } from '../privacy/age-file.ts'
import { pickRestricted, readRestricted } from '../privacy/restricted-records.ts'
import { recordAccess } from '../record-access.ts'

export interface Rewrapped {
  /** How many records were looked at. */
  current: number
  /** Those that were encrypted anew, as they were before. */
  due: StoredRecord<Restricted>[]
}

/** Encrypts restricted records anew where the keys of their roles have changed: those named, or all that are current. */
export async function rewrapRecords(
  context: Context,
  words: readonly string[],
  identity: string | undefined,
): Promise<Rewrapped> {
  const repository = context.repository()
  const { policy } = await loadConfig(repository, localDir(repository).cache)
  const all = await readRestricted(repository)
  const current =
    words.length > 0
      ? words.map((word) => pickRestricted(all, word))
      : all.filter(({ id }) => latestOf(all, id)?.id === id)
  const keysOf = ({ record }: StoredRecord<Restricted>) => recipientsOf(policy?.restricted?.recipients, record.to)
  const due = current.filter((stored) => keysOf(stored).join() !== [...stored.record.recipients].sort().join())
  if (due.length === 0) return { current: current.length, due }
  const identities = readIdentities(repository, identity)
  const made: Recording<Restricted>[] = []
  for (const stored of due) made.push(await rewrapOne(stored, keysOf(stored), identities))
  const names = due.flatMap(({ record }) => Object.keys(record.fields))
  await recordAccess(context, due, { how: 'rewrap', names }, made)
  return { current: current.length, due }
}

/** Values, their keys and so their commitments stay. */
async function rewrapOne(
  { id, record }: StoredRecord<Restricted>,
  recipients: readonly string[],
  identities: readonly string[],
): Promise<Recording<Restricted>> {
  const open = await decryptFields(record, Object.keys(record.fields), identities)
  return {
    kind: 'restricted',
    about: record.about,
    fields: {
      to: record.to,
      recipients: recipients as Restricted['recipients'],
      fields: await encryptFields(open, recipients),
    },
    links: [...record.links.filter(({ rel }) => rel !== 'supersedes'), { rel: 'supersedes', to: `record:${id}` }],
  }
}
