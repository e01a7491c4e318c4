import { type Finding, finding } from '../../../base/finding.ts'
import type { GuardPolicy } from '../../../config/guard-policy.ts'
import type { CommitChanges } from '../../../git/objects/changes.ts'
import type { ObjectReader } from '../../../git/objects/objects.ts'
import { type CommitSignature, signerAddress } from '../../../git/objects/signatures.ts'
import type { Repository } from '../../../git/repository.ts'
import type { StoredRecord } from '../../../records/record.ts'
import { checkSignatures, isImported } from '../check-signatures.ts'

/** Who pushes, as the server knows them, and what it says of the push's own certificate (git-receive-pack(1)). */
export interface Pusher {
  /** E-mail address or account name: GL_USER of gitolite, REMOTE_USER of a web server, GIT_PROV_USER of a forced command. */
  name?: string
  certificate?: { status: string; signer: string; nonce: string }
}

interface Rules {
  policy: GuardPolicy
  pusher: Pusher
  allowedSigners?: string
}

/** Whether those who wrote, signed and pushed may. */
export async function checkAuthors(
  repository: Repository,
  objects: ObjectReader,
  commits: readonly CommitChanges[],
  records: ReadonlyMap<string, readonly StoredRecord[]>,
  { policy, pusher, allowedSigners }: Rules,
): Promise<Finding[]> {
  const findings = policy.signedPush === 'required' ? certificateFindings(pusher) : []
  const needed = policy.signatures === 'required' || policy.agents === 'own'
  const checked = needed ? await checkSignatures(repository, objects, commits, allowedSigners) : undefined
  if (policy.signatures === 'required') findings.push(...(checked?.findings ?? []))
  for (const [commit, stored] of records) {
    const names = namesOf(checked?.signatures.get(commit) ?? checked?.vouched.get(commit), pusher)
    for (const one of stored) findings.push(...writerFindings(one, policy, names))
  }
  return findings
}

/** A key that is not in the allowed-signers file has status G too, with no signer. */
function certificateFindings({ certificate }: Pusher): Finding[] {
  const hint = 'git push --signed'
  if (!certificate?.status || certificate.status === 'N')
    return [finding('push-unsigned', 'push', 'the push is not signed', hint)]
  if (certificate.status !== 'G' || certificate.signer === '')
    return [finding('push-signer', 'push', 'the push is not signed by an allowed signer', hint)]
  return certificate.nonce === 'OK'
    ? []
    : [
        finding(
          'push-replayed',
          'push',
          `the push's certificate is not for this push (nonce ${certificate.nonce || 'missing'})`,
          hint,
        ),
      ]
}

function namesOf(signature: CommitSignature | undefined, pusher: Pusher): string[] {
  const signer = signature?.state === 'good' ? signerAddress(signature.signer) : ''
  const pushers = [
    pusher.name,
    pusher.certificate?.status === 'G' ? signerAddress(pusher.certificate.signer) : undefined,
  ]
  return [signer, ...pushers.map((name) => name?.toLowerCase() ?? '')].filter(Boolean)
}

function writerFindings({ record, id }: StoredRecord, policy: GuardPolicy, names: readonly string[]): Finding[] {
  const where = `${record.kind} ${id.slice(0, 12)}`
  const agent = record.agent.email.toLowerCase()
  const findings: Finding[] = []
  if (policy.agents === 'own' && !isImported(record) && !names.includes(agent))
    findings.push(
      finding(
        'forged-agent',
        where,
        `says it is by ${record.agent.email}, who neither signed nor pushed it (${names.join(', ') || 'nobody known'})`,
        'git config user.email',
      ),
    )
  const writers = policy.writers[record.kind]
  if (writers && !writers.some((writer) => writer.toLowerCase() === agent))
    findings.push(
      finding(
        'not-a-writer',
        where,
        `${record.agent.email} may not write records of kind ${record.kind}`,
        'policy.guard.writers of prov.yaml says who may',
      ),
    )
  return findings
}
