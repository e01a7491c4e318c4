import { resolve } from 'node:path'
import { buildEnvelope, type DsseEnvelope, preAuthEncoding } from './dsse.ts'
import { type Statement, statementType } from './in-toto.ts'
import { readKey } from './key.ts'

/** PEM keys are signed with here; anything else is an OpenSSH key, which ssh-keygen signs with. `file` as typed in `cwd`. */
export async function signStatement(statement: Statement, file: string, cwd: string): Promise<DsseEnvelope> {
  const payload = Buffer.from(JSON.stringify(statement), 'utf8')
  const bytes = preAuthEncoding(statementType, payload)
  const path = resolve(cwd, file)
  const text = readKey(path, file)
  const signed = isPem(text)
    ? (await import('./pem-signature.ts')).signWithPem(text, bytes, file)
    : (await import('../../execute/ssh-signature.ts')).signWithSsh(path, bytes)
  return buildEnvelope(statementType, payload, [signed])
}

const isPem = (text: string) => /^-----BEGIN (PRIVATE|EC PRIVATE|PUBLIC) KEY-----/m.test(text)
