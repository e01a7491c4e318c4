import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isMapSeen } from '../capture/filter-repo-seen.ts'
import type { Context } from '../context.ts'
import { areDecisionsSeen } from '../decisions/record/seen.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { isRebasing } from '../git/rebasing.ts'
import type { Repository } from '../git/repository.ts'
import { listSpool } from '../ledger/append/spool.ts'
import { isBackfilled } from '../ledger/local/backfilled.ts'
import { isLastSeen } from '../ledger/local/last-seen.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { abandonedRuns } from '../run/active-runs.ts'

/**
 * Done first by every command that reads: folds what hooks left in the spool, links commits to what git filter-repo
 * rewrote them to, captures commits that no hook saw, closes runs whose `git prov run` is gone, and records decisions
 * that reached the default branch. When there is nothing to do, which is nearly always, none of that code is loaded and
 * the result is true. Without `news`, fetched records are left for the next command that joins.
 */
export async function catchUp(context: Context, objects: ObjectReader, { news = true } = {}): Promise<boolean> {
  const repository = context.repository()
  if (!existsSync(join(repository.commonDir, 'prov')) || (await isCaughtUp(repository, objects, news))) return true
  await (await import('./catch-up-now.ts')).catchUpNow(context, objects, news)
  return false
}

async function isCaughtUp(repository: Repository, objects: ObjectReader, news: boolean): Promise<boolean> {
  const local = localDir(repository)
  if (listSpool(local).length > 0 || abandonedRuns(local).length > 0) return false
  if (!isMapSeen(repository) || !(isRebasing(repository) || isBackfilled(repository))) return false
  return (!news || (await isLastSeen(repository, objects))) && (await areDecisionsSeen(repository, objects))
}
