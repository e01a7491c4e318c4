import { diffTrees } from '../../git/objects/tree-diff.ts'
import { listRefs } from '../../git/refs/refs.ts'
import type { Repository } from '../../git/repository.ts'
import { gitText } from '../../git/run.ts'
import { readSettings } from '../local/settings.ts'
import { listFiles, requireBranch } from '../read/read.ts'
import { trackingRef } from '../read/sources.ts'
import type { Destination } from './destination.ts'
import { countRecords, type SyncPlan } from './sync-view.ts'

/** What a sync would send, by what the remote was last seen to have. Asks nobody and changes nothing. */
export function planSync(repository: Repository, { remote, url }: Destination): SyncPlan {
  requireBranch(repository)
  const { branchRef } = readSettings(repository)
  const tracking = trackingRef(repository, remote)
  const refs = listRefs(repository, [branchRef, tracking])
  const [mine = '', theirs] = [refs.get(branchRef), refs.get(tracking)]
  const files = theirs
    ? diffTrees(repository, theirs, mine).filter(({ before }) => !before)
    : listFiles(repository, mine)
  const range = theirs ? [mine, `^${theirs}`] : [mine]
  return {
    remote,
    url,
    branch: branchRef.slice('refs/heads/'.length),
    records: countRecords(files),
    commits: Number(gitText(repository, ['rev-list', '--count', ...range])),
  }
}
