import type { Context } from '../../context.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import type { Restricted, StoredRecord } from '../../records/record.ts'
import { type Disclosure, isCommitted, type OpenField } from '../../records/restricted.ts'
import { decryptFields, readIdentities } from '../privacy/age-file.ts'
import { pickRestricted, readRestricted, restrictedOf } from '../privacy/restricted-records.ts'
import { recordAccess } from '../record-access.ts'

export interface DiscloseRequest {
  /** A restricted record, or what it is about, as typed. */
  word: string
  field: string
  /** A file of age identities; else prov.identity. */
  identity: string | undefined
  /** Who gets to see it. */
  to: string | undefined
}

/** One field with what proves it against its commitment, for somebody without a key; the ledger has who disclosed it. */
export async function discloseField(
  context: Context,
  { word, field, identity, to }: DiscloseRequest,
): Promise<Disclosure> {
  const stored = await holderOf(context, word, field)
  const identities = readIdentities(context.repository(), identity)
  const [open] = (await decryptFields(stored.record, [field], identities)) as [OpenField]
  await recordAccess(context, [stored], { how: 'disclose', names: [field], ...(to && { to }) })
  return { record: stored.id, field, value: open.value, key: open.key }
}

/** Of the restricted records a word names, the newest with the field. */
async function holderOf(context: Context, word: string, field: string): Promise<StoredRecord<Restricted>> {
  const objects = new ObjectReader(context.repository())
  try {
    const found = await restrictedOf(context.repository(), objects, word)
    return (found.find(({ record }) => Object.hasOwn(record.fields, field)) ?? found[0]) as StoredRecord<Restricted>
  } finally {
    objects.close()
  }
}

/** Whether a record of the ledger committed to what was disclosed, and the record. Throws `unknown-revision`. */
export async function checkDisclosure(
  context: Context,
  { record, ...open }: Disclosure,
): Promise<{ holds: boolean; restricted: Restricted }> {
  const { record: restricted } = pickRestricted(await readRestricted(context.repository()), record)
  return { holds: isCommitted(open, restricted.fields[open.field]?.commitment), restricted }
}
