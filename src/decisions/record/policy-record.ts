import { digestOf } from '../../base/digest.ts'
import { stringifyJson } from '../../base/json.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import type { Entry } from '../../ledger/append/spool.ts'
import { readKind } from '../../ledger/index/kind-index.ts'
import { buildRecord, type Policy } from '../../records/record.ts'

/** The policy in force: its digest, and the record to add when the branch does not have it yet. */
export interface PolicyInForce {
  digest: string
  entry?: Entry
}

/**
 * What a decision recorded now is held to. `content` is the policy part of prov.yaml in the commit `about` speaks of.
 */
export async function policyInForce(
  repository: Repository,
  objects: ObjectReader,
  content: Policy['content'],
  { about, agent, now }: Pick<Policy, 'about' | 'agent'> & { now: Date },
): Promise<PolicyInForce> {
  const digest = digestOf(stringifyJson(content))
  const known = await readKind<Policy, string>(repository, objects, {
    kind: 'policy',
    version: 1,
    project: ({ record }) => record.digest,
  })
  if (known.includes(digest)) return { digest }
  return { digest, entry: { record: buildRecord<Policy>({ kind: 'policy', about, agent, digest, content }, now) } }
}
