import { digestOf } from '../base/digest.ts'
import { ProvError } from '../base/errors.ts'
import { isInOurForm, stringifyJson } from '../base/json.ts'
import type { ProvRecord } from '../generated/record-types.ts'
import type { Link } from '../generated/types.ts'

/** Every kind of record that has a schema, and their union `ProvRecord`. */
export type * from '../generated/record-types.ts'
export type { Link } from '../generated/types.ts'

/** A record with its id on the branch. `text` is its exact content. */
export interface StoredRecord<R extends ProvRecord = ProvRecord> {
  id: string
  text: string
  record: R
}

/** The largest record that is parsed, in bytes. */
export const maxRecordBytes = 4 * 1024 * 1024

declare const __VERSION__: string
const tool = { name: 'git-prov', version: __VERSION__ }

type Envelope = 'tool' | 'time' | 'links' | 'version'

/** Completes a record's envelope, gives it its canonical text and its id: the SHA-256 of that text. */
export function buildRecord<R extends ProvRecord>(
  fields: Omit<R, Envelope> & { links?: Link[] },
  time: Date,
): StoredRecord<R> {
  const record = { links: [], ...fields, version: 1, time: time.toISOString(), tool } as unknown as R
  const text = stringifyJson(record)
  return { id: digestOf(text), text, record }
}

/**
 * Parses the text of a record, and verifies that it matches its id and is in our canonical JSON form. That form has no
 * duplicate keys, no `__proto__` and no number a double cannot hold. Throws `record`. The schema is not checked here: see
 * validate.ts.
 */
export function parseRecord(bytes: Uint8Array, id: string): StoredRecord {
  if (bytes.length > maxRecordBytes) throw damaged(id, `is ${bytes.length} bytes long, more than ${maxRecordBytes}`)
  if (digestOf(bytes) !== id) throw damaged(id, 'does not have the content its name says')
  const text = Buffer.from(bytes).toString('utf8')
  const record = parseCanonical(text, id)
  return { id, text, record: record as ProvRecord }
}

/** Parses an object from text that must be in our canonical JSON form. */
function parseCanonical(text: string, id: string): object {
  let value: unknown
  let same: boolean
  try {
    value = JSON.parse(text)
    same = isInOurForm(value, text)
  } catch (error) {
    throw damaged(id, `is not JSON: ${(error as Error).message}`)
  }
  if (!same) throw damaged(id, 'is not in the JSON form git-prov writes (sorted keys, two-space indent)')
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damaged(id, 'is not a JSON object')
  return value
}

function damaged(id: string, what: string): ProvError {
  return new ProvError('record', `record ${id.slice(0, 12)} ${what}`, { hint: 'git prov verify' })
}
