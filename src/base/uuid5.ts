import { createHash } from 'node:crypto'

/** A name-based UUID (RFC 9562, section 5.5): the same name gives the same UUID everywhere. */
export function uuid5(name: string): string {
  const bytes = createHash('sha1').update(namespace).update(name, 'utf8').digest().subarray(0, 16)
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

// Our namespace, chosen at random once. Never change it: whatever was imported would be imported again.
const namespace = Buffer.from('6f0c2b6ad2f24c0c9f5e3a0f5b7d9e41', 'hex')
