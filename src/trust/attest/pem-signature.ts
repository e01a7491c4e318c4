import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { messageOf, ProvError } from '../../base/errors.ts'

/** A signature over bytes, and which key made it: SHA-256 of the public key's SPKI, in hex. */
interface KeySignature {
  keyid: string
  signature: Buffer
}

/** Signs with a private key in PEM (PKCS #8): Ed25519 (RFC 8032), or ECDSA with SHA-256. Throws `signature`. */
export function signWithPem(pem: string, bytes: Uint8Array, file: string): KeySignature {
  const key = load(() => createPrivateKey(pem), file)
  return { keyid: keyIdOf(createPublicKey(key)), signature: sign(hashOf(key, file), bytes, key) }
}

/** Whether the public key (PEM, SPKI) made a signature. Throws `signature` when the key cannot be read. */
export function verifyWithPem(pem: string, bytes: Uint8Array, signature: Uint8Array, file: string): boolean {
  const key = load(() => createPublicKey(pem), file)
  return verify(hashOf(key, file), bytes, key, signature)
}

function load(read: () => KeyObject, file: string): KeyObject {
  try {
    return read()
  } catch (error) {
    throw new ProvError('signature', `${file} holds no key that can be read: ${messageOf(error)}`, {
      hint: `openssl genpkey -algorithm ed25519 -out ${file}`,
    })
  }
}

/** Ed25519 does its own hashing. */
function hashOf(key: KeyObject, file: string): 'sha256' | null {
  if (key.asymmetricKeyType === 'ed25519') return null
  if (key.asymmetricKeyType === 'ec') return 'sha256'
  throw new ProvError('signature', `${file} is a key of type ${key.asymmetricKeyType}, not Ed25519 or EC`, {
    hint: `openssl genpkey -algorithm ed25519 -out ${file}`,
  })
}

function keyIdOf(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
}
