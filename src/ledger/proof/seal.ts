import { createHash } from 'node:crypto'
import type { Repository } from '../../git/repository.ts'
import { git } from '../../git/run.ts'
import type { Seal } from '../../records/record.ts'

/** What a seal says of a commit of the branch: how many files there are, and the SHA-256 of their names. */
export function sealOf(repository: Repository, tip: string): Pick<Seal, 'files' | 'digest'> {
  const args = ['ls-tree', '-r', '--name-only', tip, 'records', 'environments', 'manifests', 'series']
  const listing = git(repository, args)
  const files = listing.reduce((count, byte) => count + (byte === 10 ? 1 : 0), 0)
  return { files, digest: createHash('sha256').update(listing).digest('hex') }
}
