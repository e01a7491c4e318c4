import { ProvError } from '../../base/errors.ts'
import type { Context } from '../../context.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import type { Restricted, StoredRecord } from '../../records/record.ts'
import type { OpenField } from '../../records/restricted.ts'
import { decryptFields, readIdentities } from '../privacy/age-file.ts'
import { restrictedOf } from '../privacy/restricted-records.ts'
import { recordAccess } from '../record-access.ts'

export interface RevealRequest {
  /** A restricted record, or what it is about, as typed. */
  word: string
  /** Field names; none for all. */
  names: readonly string[]
  /** A file of age identities; else prov.identity. */
  identity: string | undefined
  reason: string | undefined
}

export interface Revealed {
  open: OpenField[]
  /** The records these fields are in. */
  read: StoredRecord<Restricted>[]
  /** The roles of the records that the key cannot decrypt. */
  shut: string[]
}

/** Decrypts restricted fields and records that they were read. Throws `usage` when the key opens none of them. */
export async function revealFields(context: Context, request: RevealRequest): Promise<Revealed> {
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    const found = await restrictedOf(repository, objects, request.word)
    const revealed = await decryptAll(found, request.names, readIdentities(repository, request.identity))
    await recordAccess(context, revealed.read, {
      how: 'reveal',
      names: revealed.open.map(({ field }) => field),
      ...(request.reason && { reason: request.reason }),
    })
    return revealed
  } finally {
    objects.close()
  }
}

/** Of several records, each field as the newest has it. Throws as decryptFields does when none can be decrypted. */
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

/** The records that have a field asked for; when none has, the first, whose error says so. */
function holding(found: readonly StoredRecord<Restricted>[], names: readonly string[]) {
  const some = found.filter(({ record }) => names.some((name) => Object.hasOwn(record.fields, name)))
  return names.length === 0 ? found : some.length > 0 ? some : found.slice(0, 1)
}
