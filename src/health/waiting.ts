import type { Finding } from '../base/finding.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { type LocalDir, localDir } from '../ledger/local/local-dir.ts'
import { configFindings } from './waiting/config.ts'
import { notShared } from './waiting/not-shared.ts'
import { pendingCaptures } from './waiting/pending.ts'
import { spooledAppends } from './waiting/spooled.ts'
import { uncapturedCommits } from './waiting/uncaptured.ts'

interface Clone {
  repository: Repository
  objects: ObjectReader
  local: LocalDir
}

/** The checks of status, in the order they are reported. */
const checks: readonly ((clone: Clone) => Finding[] | Promise<Finding[]>)[] = [
  ({ local }) => pendingCaptures(local),
  ({ local }) => spooledAppends(local),
  ({ local }) => notShared(local),
  ({ repository, objects }) => uncapturedCommits(repository, objects),
  ({ repository, local }) => configFindings(repository, local),
]

/** Everything that waits to be recorded or shared, and what prevents it. */
export async function findWaiting(repository: Repository, objects: ObjectReader): Promise<Finding[]> {
  const clone = { repository, objects, local: localDir(repository) }
  const found: Finding[] = []
  for (const check of checks) found.push(...(await check(clone)))
  return found
}
