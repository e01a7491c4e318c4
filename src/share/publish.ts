import { createHmac } from 'node:crypto'
import type { PolicyProfile } from '../generated/types.ts'
import type { Redactor } from '../privacy/redact.ts'
import { redactDeep } from '../privacy/redact-values.ts'
import type { Published, StoredRecord } from '../records/record.ts'
import { type OpenField, openField } from '../records/restricted.ts'

type Plain = Record<string, unknown>

/** What others see of a record, before encryption, which needs a library. */
export interface Outgoing {
  fields: Pick<Published, 'kind' | 'profile' | 'of' | 'commitment' | 'content'> & { pseudonymised?: string[] }
  /** Members that go out encrypted. */
  open: OpenField[]
}

export interface PublishWith {
  name: string
  profile: PolicyProfile
  /** For pseudonyms and commitments. */
  key: Uint8Array
  redactor: Redactor
}

/** The same for one record under one key; without the key nobody can tell which record it is. */
export function commitmentOfRecord(id: string, key: Uint8Array): string {
  return createHmac('sha256', key).update(`record\0${id}`).digest('hex')
}

/** What the profile publishes of a record; undefined when its kind is not published or it is too old. */
export function outgoing(
  { id, record }: StoredRecord,
  { name, profile, key, redactor }: PublishWith,
): Outgoing | undefined {
  const { kinds, since, fields, pseudonymise = [], encrypt = [] } = profile
  if (!kinds.includes(record.kind) || record.time.slice(0, 10) < (since ?? '')) return undefined
  const whole = record as unknown as Plain
  const content: Plain = {}
  for (const path of fields) put(content, path, structuredClone(get(whole, path)))
  for (const path of encrypt) remove(content, path)
  for (const path of pseudonymise) put(content, path, hidden(get(content, path), key))
  const open = encrypt.flatMap((path) => {
    const value = get(whole, path)
    return value === undefined ? [] : [openField(path, typeof value === 'string' ? value : JSON.stringify(value))]
  })
  return {
    fields: {
      kind: 'published',
      profile: name,
      of: record.kind,
      commitment: commitmentOfRecord(id, key),
      content: redactDeep(redactor, content, name).value as Published['content'],
      ...(pseudonymise.length > 0 && { pseudonymised: [...pseudonymise] }),
    },
    open,
  }
}

function get(value: unknown, path: string): unknown {
  let at = value
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined
    at = (at as Plain)[part]
  }
  return at
}

function put(into: Plain, path: string, value: unknown): void {
  if (value === undefined) return
  const parts = path.split('.')
  let at = into
  for (const part of parts.slice(0, -1)) {
    if (!Object.hasOwn(at, part)) at[part] = {}
    // A member whose whole parent is published is already there.
    at = at[part] as Plain
  }
  at[parts.at(-1) as string] = value
}

/** An encrypted member is removed from a parent that is published whole. */
function remove(from: Plain, path: string): void {
  const parts = path.split('.')
  const parent = parts.length === 1 ? from : get(from, parts.slice(0, -1).join('.'))
  if (typeof parent === 'object' && parent !== null) delete (parent as Plain)[parts.at(-1) as string]
}

/** Replaces every text in it with a pseudonym; numbers and booleans stay. */
function hidden(value: unknown, key: Uint8Array): unknown {
  if (typeof value === 'string')
    return `<private:${createHmac('sha256', key).update(`private\0${value}`).digest('hex').slice(0, 8)}>`
  if (Array.isArray(value)) return value.map((member) => hidden(member, key))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, hidden(member, key)]))
}
