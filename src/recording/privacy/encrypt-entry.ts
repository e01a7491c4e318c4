import type { Entry } from '../../ledger/append/spool.ts'
import { encryptRestricted } from '../../privacy/restrict/encrypt.ts'
import type { HiddenPart } from '../../privacy/restrict/encrypter.ts'
import type { Restriction } from '../../privacy/restrict/restriction.ts'
import { buildRecord, type Restricted, type StoredRecord } from '../../records/record.ts'
import { recipientsOf } from '../../records/restricted.ts'
import { shellOf } from '../../records/shells.ts'
import { fitted } from '../fitted.ts'
import { encryptFields } from './age-file.ts'

/** The entry without its restricted parts, plus the records that hold those, encrypted. */
export async function encryptEntry(restriction: Restriction, entry: Entry): Promise<Entry> {
  const { record, time } = { record: entry.record.record, time: new Date(entry.record.record.time) }
  const [series] = Object.values(entry.series ?? {})
  const hidden = encryptRestricted(record, restriction, series, shellOf)
  if (hidden.parts.length === 0) return entry
  const { version: _, tool: __, time: ___, ...fields } = hidden.record
  // Fitted before the sidecar records are made, since they name it by its id: a placeholder may be longer than its value.
  const stored = await fitted(buildRecord(fields as Parameters<typeof buildRecord>[0], time))
  const sidecars = hidden.parts.map((part) => encryptPart(part, stored, restriction))
  const { manifests, series: ____, ...rest } = entry
  const others = manifests && Object.entries(manifests).filter(([digest]) => !hidden.kept.has(digest))
  const shown = Object.entries(entry.series ?? {}).filter(([digest]) => !hidden.kept.has(digest))
  return {
    ...rest,
    record: stored,
    sidecars: await Promise.all(sidecars),
    ...(others && { manifests: Object.fromEntries(others) }),
    ...(shown.length > 0 && { series: Object.fromEntries(shown) }),
  }
}

/** Not about a commit: it is found by the record it annotates. */
async function encryptPart(
  { to, open }: HiddenPart,
  { id, record }: StoredRecord,
  restriction: Restriction,
): Promise<StoredRecord<Restricted>> {
  const recipients = recipientsOf(restriction.recipients, to)
  const made = buildRecord<Restricted>(
    {
      kind: 'restricted',
      agent: record.agent,
      to: [...to] as Restricted['to'],
      recipients: recipients as Restricted['recipients'],
      fields: await encryptFields(open, recipients),
      links: [{ rel: 'annotates', to: `record:${id}` }],
    },
    new Date(record.time),
  )
  return await fitted(made)
}
