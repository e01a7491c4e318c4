import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ProvError } from '../../base/errors.ts'
import type { Context } from '../../context.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { type DsseEnvelope, parseEnvelope, preAuthEncoding } from './dsse.ts'
import { type Statement, statementType } from './in-toto.ts'
import { readKey } from './key.ts'

/** Whose signature is trusted: a public key in PEM, or an allowed-signers file; with neither, git's own setting. */
export interface Trusted {
  key: string | undefined
  allowedSigners: string | undefined
}

export interface Attested {
  /** A trusted key signed it, and its subjects match what is here. */
  ok: boolean
  /** Null when no trusted key signed it. */
  signer: string | null
  /** Paths in the work tree that differ from what was attested. */
  changed: string[]
  statement: Statement
}

/** Checks a signed statement. Undefined when the text is not one; throws `usage` when no trusted key is configured. */
export async function verifyAttested(context: Context, text: string, trusted: Trusted): Promise<Attested | undefined> {
  const envelope = parseEnvelope(text)
  const statement = envelope && statementIn(envelope)
  if (!envelope || !statement) return undefined
  const signer = await signerOf(context, envelope, trusted)
  const changed = signer === undefined ? [] : await changedSubjects(context.repository(), statement)
  return { ok: signer !== undefined && changed.length === 0, signer: signer ?? null, changed, statement }
}

/** `signed by mei@example.org`, and any problems. */
export function verdictOf({ signer, changed }: Attested): string {
  if (signer === null) return 'no trusted key signed it'
  return changed.length > 0
    ? `signed by ${signer}, but ${changed.join(', ')} ${changed.length === 1 ? 'is' : 'are'} not what was attested`
    : `signed by ${signer}`
}

function statementIn({ payload, payloadType }: DsseEnvelope): Statement | undefined {
  try {
    const value = JSON.parse(Buffer.from(payload, 'base64').toString('utf8')) as Partial<Statement> | null
    return payloadType === statementType && Array.isArray(value?.subject) ? (value as Statement) : undefined
  } catch {
    return undefined
  }
}

async function signerOf(
  context: Context,
  { payload, payloadType, signatures }: DsseEnvelope,
  { key, allowedSigners }: Trusted,
): Promise<string | undefined> {
  const bytes = preAuthEncoding(payloadType, Buffer.from(payload, 'base64'))
  const signers = allowedSigners ?? ownSigners(context.repository())
  if (key === undefined && signers === undefined)
    throw new ProvError('usage', 'no trusted key was given', {
      hint: '--key <public key in PEM>, or --allowed-signers <file>',
    })
  for (const { sig } of signatures) {
    const signature = Buffer.from(sig, 'base64')
    if (key !== undefined) {
      const { verifyWithPem } = await import('./pem-signature.ts')
      if (verifyWithPem(readKey(resolve(context.cwd, key), key), bytes, signature, key)) return key
    } else {
      const { sshSigner } = await import('../../execute/ssh-signature.ts')
      const signer = sshSigner(resolve(context.cwd, signers as string), bytes, signature)
      if (signer) return signer
    }
  }
  return undefined
}

function ownSigners(repository: Repository): string | undefined {
  return (
    tryGit(repository, ['config', '--type=path', 'gpg.ssh.allowedSignersFile']).stdout.toString('utf8').trim() ||
    undefined
  )
}

/** Files that exist in the work tree and differ from what was attested. */
async function changedSubjects(repository: Repository, { subject }: Statement): Promise<string[]> {
  const top = repository.workTree
  const changed: string[] = []
  for (const { name = '', digest } of top ? subject : []) {
    const file = resolve(top as string, name)
    if (!digest?.sha256 || !file.startsWith(`${top}/`) || !existsSync(file)) continue
    if ((await hashOf(file)) !== digest.sha256) changed.push(name)
  }
  return changed
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
