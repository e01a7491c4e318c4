import { type Finding, finding } from '../../base/finding.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { type CommitSignature, readSignatures, signerAddress } from '../../git/objects/signatures.ts'
import type { Repository } from '../../git/repository.ts'
import type { StoredRecord } from '../../records/record.ts'

/** A commit of the branch as far as it matters who signed it. */
interface Signable {
  commit: string
  parents: readonly string[]
  author: { email: string }
}

/** The signatures that were looked at, and who vouches for which commit without a signature of its own. */
export interface CheckedSignatures {
  findings: Finding[]
  signatures: Map<string, CommitSignature>
  vouched: Map<string, CommitSignature>
}

/**
 * Checks signatures from the newest commit back. A good one vouches for its commit and, through the names of parents,
 * for all it was made on: below it only what was looked at before counts. `commits`: parents first.
 */
export async function checkSignatures(
  repository: Repository,
  objects: ObjectReader,
  commits: readonly Signable[],
  allowedSigners?: string,
): Promise<CheckedSignatures> {
  const signed = await signedAmong(objects, commits)
  const result: CheckedSignatures = { findings: [], signatures: new Map(), vouched: new Map() }
  for (const { commit, parents, author } of commits.toReversed()) {
    const voucher = result.vouched.get(commit)
    const signature = signed.has(commit) && !voucher ? readSignature(repository, commit, allowedSigners) : undefined
    if (signature) result.signatures.set(commit, signature)
    const good = isGood(signature) ? signature : voucher
    if (good) for (const parent of parents) result.vouched.set(parent, good)
    else result.findings.push(unsigned(commit, author.email, signature))
  }
  return result
}

async function signedAmong(objects: ObjectReader, commits: readonly Signable[]): Promise<Set<string>> {
  const signed = new Set<string>()
  for (let at = 0; at < commits.length; at += 512) {
    const some = commits.slice(at, at + 512)
    const read = await objects.readAll(some.map(({ commit }) => commit))
    for (const [index, object] of read.entries())
      if (object && /^gpgsig(-sha256)? /m.test(headerOf(object.body))) signed.add((some[index] as Signable).commit)
  }
  return signed
}

function headerOf(body: Buffer): string {
  const end = body.indexOf('\n\n')
  return body.toString('latin1', 0, end < 0 ? body.length : end)
}

function readSignature(repository: Repository, commit: string, allowedSigners: string | undefined) {
  return readSignatures(repository, ['--no-walk', commit], allowedSigners)[0]
}

const isGood = (signature: CommitSignature | undefined) => signature?.state === 'good' && signature.signer !== ''

const words = {
  none: 'is not signed',
  bad: 'has a signature that does not match it',
  untrusted: 'is signed by an untrusted key',
  expired: 'is signed by a key that has expired',
  unknown: 'has a signature that cannot be checked here',
  good: 'has a good signature, but its signer has no name',
}

function unsigned(commit: string, author: string, signature: CommitSignature | undefined): Finding {
  const code = signature?.state === 'bad' ? 'bad-signature' : signature ? 'untrusted-signature' : 'unsigned'
  const key = signature?.key ? `, ${signature.key}` : ''
  const hint = signature ? 'gpg.ssh.allowedSignersFile lists the trusted keys' : 'git prov seal'
  return finding(code, commit.slice(0, 12), `${words[signature?.state ?? 'none']} (${author}${key})`, hint)
}

/** A record's agent is to be who signed it. What an import brings was done by others: its agent is told, not claimed. */
export function agentFindings(
  records: ReadonlyMap<string, readonly StoredRecord[]>,
  signatures: ReadonlyMap<string, CommitSignature>,
): Finding[] {
  return [...records].flatMap(([commit, stored]) => {
    const signature = signatures.get(commit)
    if (!isGood(signature) || !signature) return []
    const signer = signerAddress(signature.signer)
    return stored
      .filter(({ record }) => !isImported(record) && record.agent.email.toLowerCase() !== signer)
      .map(({ record, id }) =>
        finding(
          'signer',
          `${record.kind} ${id.slice(0, 12)}`,
          `says it is by ${record.agent.email}, but ${signer} signed it`,
        ),
      )
  })
}

export const isImported = (record: StoredRecord['record']) => record.kind === 'run' && record.imported !== undefined
