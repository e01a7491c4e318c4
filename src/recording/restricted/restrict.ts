import { loadConfig } from '../../config/config-file.ts'
import type { Context } from '../../context.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import { readRedactionKey } from '../../ledger/local/redaction-key.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { findNamed } from '../../ledger/read/find-record.ts'
import type { Restricted, StoredRecord } from '../../records/record.ts'
import { type OpenField, openField, recipientsOf } from '../../records/restricted.ts'
import type { Recording } from '../door.ts'
import { encryptFields } from '../privacy/age-file.ts'
import { record } from '../record.ts'

export interface RestrictRequest {
  /** The record, run or commit the fields are about, as typed. */
  word: string
  roles: readonly string[]
  /** Field names with values; read once the roles are known to have keys. */
  values: AsyncIterable<[name: string, value: string]>
}

export interface RestrictedFields {
  made: StoredRecord<Restricted>
  /** The record it annotates. */
  about: StoredRecord
  fields: number
  recipients: number
}

/** Records fields about another record, encrypted to the keys of roles. Throws `usage` for a role without keys. */
export async function restrictFields(context: Context, request: RestrictRequest): Promise<RestrictedFields> {
  const repository = context.repository()
  const { policy } = await loadConfig(repository, localDir(repository).cache)
  const recipients = recipientsOf(policy?.restricted?.recipients, request.roles)
  const key = readRedactionKey(repository, readSettings(repository))
  const open: OpenField[] = []
  for await (const [name, value] of request.values) open.push(openField(name, value, key))
  const objects = new ObjectReader(repository)
  try {
    const { stored } = await findNamed(repository, objects, request.word)
    const restricted: Recording<Restricted> = {
      kind: 'restricted',
      about: stored.record.about,
      fields: {
        to: [...request.roles] as Restricted['to'],
        recipients: recipients as Restricted['recipients'],
        fields: await encryptFields(open, recipients),
      },
      links: [{ rel: 'annotates', to: `record:${stored.id}` }],
    }
    const { stored: made } = await record<Restricted>(context, objects, restricted, { patience: 30_000 })
    return { made, about: stored, fields: open.length, recipients: recipients.length }
  } finally {
    objects.close()
  }
}
