import { createHash } from 'node:crypto'

/** A SHA-256 as 64 lower-case hex digits. */
export type Digest = string

/** SHA-256 of bytes, or of a string encoded as UTF-8. */
export function digestOf(content: string | Uint8Array): Digest {
  return createHash('sha256').update(content).digest('hex')
}

/** The first six digits, for display. */
export function short(digest: string): string {
  return digest.slice(0, 6)
}
