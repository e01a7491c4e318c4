import type { Policy } from '../../generated/record-types.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { readKind } from './kind-index.ts'

/** Digests of the policies already on the branch. */
export async function knownPolicies(repository: Repository, objects: ObjectReader): Promise<string[]> {
  const digest = { kind: 'policy', version: 1, project: ({ record }: { record: Policy }) => record.digest } as const
  return await readKind<Policy, string>(repository, objects, digest)
}
