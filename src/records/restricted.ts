import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { ProvError } from '../base/errors.ts'
import type { Restricted, StoredRecord } from './record.ts'

/** The plaintext of an encrypted field, with all that is needed to check its commitment. */
export interface OpenField {
  field: string
  value: string
  /** 32 bytes in hex, for this field and value only. */
  key: string
}

/** A field disclosed to somebody who cannot decrypt it, with the record that committed to it. */
export interface Disclosure extends OpenField {
  record: string
}

export const maxValueBytes = 1024 * 1024

/**
 * A new field. With a clone's or team's key, equal values of a field have equal commitments, so that equality is visible;
 * without one, its key is random. Throws `usage` for a value that is too long.
 */
export function openField(field: string, value: string, secret?: Uint8Array): OpenField {
  if (Buffer.byteLength(value) > maxValueBytes)
    throw new ProvError('usage', `field '${field}' is longer than 1 MB`, {
      hint: 'restrict its digest, and keep the file elsewhere',
    })
  const key = secret ? createHmac('sha256', secret).update(`restricted\0${field}\0${value}`).digest() : randomBytes(32)
  return { field, value, key: key.toString('hex') }
}

/** HMAC-SHA-256 of name, zero byte and value under the field's own key, so that guesses cannot be tested. */
export function commitmentOf({ field, value, key }: OpenField): string {
  return createHmac('sha256', Buffer.from(key, 'hex')).update(`${field}\0${value}`).digest('hex')
}

export function isCommitted(open: OpenField, commitment: string | undefined): boolean {
  if (!commitment || !/^[0-9a-f]{64}$/.test(open.key)) return false
  return timingSafeEqual(Buffer.from(commitmentOf(open), 'hex'), Buffer.from(commitment, 'hex'))
}

/** Parses a decrypted field and verifies it against its commitment. Throws `record`. */
export function parseOpenField(text: string, field: string, commitment: string): OpenField {
  let open: OpenField | undefined
  try {
    open = JSON.parse(text) as OpenField
  } catch {
    // reported below
  }
  const whole = open && [open.field, open.value, open.key].every((part) => typeof part === 'string')
  if (open && whole && open.field === field && isCommitted(open, commitment)) return open
  throw new ProvError('record', `field '${field}' is not what its commitment says`, { hint: 'git prov verify' })
}

/** The current version of a record: the last of those that supersede it. */
export function latestOf(
  records: readonly StoredRecord<Restricted>[],
  id: string,
): StoredRecord<Restricted> | undefined {
  let latest = records.find((stored) => stored.id === id)
  for (let next = latest; next; ) {
    const current = next.id
    next = records.find(({ record }) =>
      record.links.some(({ rel, to }) => rel === 'supersedes' && to === `record:${current}`),
    )
    if (next) latest = next
  }
  return latest
}

/** What is wrong if a field is not an age file with one stanza per key; else undefined. */
export function envelopeProblem(fields: Restricted['fields'], recipients: readonly string[]): string | undefined {
  for (const [name, { ciphertext }] of Object.entries(fields)) {
    // The header of a thousand keys is 120 KB long (C2SP age-encryption.org/v1, Header).
    const header = Buffer.from(ciphertext.slice(0, 400_000), 'base64').toString('latin1')
    const [head = ''] = header.split('\n--- ', 1)
    if (!head.startsWith('age-encryption.org/v1\n')) return `holds no age file as field '${name}'`
    const stanzas = head.split('\n-> X25519 ').length - 1
    if (stanzas !== recipients.length)
      return `has field '${name}' encrypted to ${stanzas} X25519 keys and names ${recipients.length}`
  }
  return undefined
}

/** The public keys of roles, sorted, once each. Throws `usage` for a role without keys. */
export function recipientsOf(
  keys: Readonly<Record<string, readonly string[]>> = {},
  roles: readonly string[],
): string[] {
  for (const role of roles)
    if (!keys[role])
      throw new ProvError('usage', `policy.restricted.recipients of prov.yaml has no keys of '${role}'`, {
        hint:
          Object.keys(keys).length > 0
            ? `one of: ${Object.keys(keys).join(', ')}`
            : 'age-keygen makes one; its public key goes there',
      })
  return [...new Set(roles.flatMap((role) => keys[role] ?? []))].sort()
}
