import type { Finding } from '../../base/finding.ts'
import { findUncaptured } from '../../capture/backfill.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'

export async function uncapturedCommits(repository: Repository, objects: ObjectReader): Promise<Finding[]> {
  return (await findUncaptured(repository, objects)).map((oid) => ({
    code: 'uncaptured',
    severity: 'warning',
    where: oid.slice(0, 10),
    message: 'was made here and has no capture',
    hint: 'git prov capture',
  }))
}
