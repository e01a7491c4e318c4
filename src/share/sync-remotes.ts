import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { withLock } from '../ledger/local/lock.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { requireListed } from '../ledger/read/read.ts'
import { listSources } from '../ledger/read/sources.ts'
import type { Destination } from '../ledger/share/destination.ts'
import { startFetch } from '../ledger/share/fetch.ts'
import type { SyncOptions } from '../ledger/share/sync.ts'
import type { SyncView } from '../ledger/share/sync-view.ts'
import { phaseLine } from '../terminal/progress.ts'
import { syncOne } from './sync-one.ts'

interface SyncRequest {
  /** Only fetch and join. */
  noPush: boolean
  /** Also sync snapshots of uncommitted work, kept for replay. */
  snapshots: boolean
  /** Try again while a remote is unreachable or has no branch yet. */
  wait: boolean
}

/** ms that a sync may take in total, on a terminal and in the background of a push. */
const patience = 60_000

/** Syncs with remotes, one sync at a time in a clone. Throws `locked`. */
export async function syncRemotes(
  context: Context,
  targets: readonly Destination[],
  request: SyncRequest,
): Promise<SyncView[]> {
  const local = localDir(context.repository())
  const deadline = Date.now() + patience
  const work = () => syncAll(context, targets, request, deadline)
  const views = await withLock({ ...local, lock: `${local.path}/sync.lock` }, deadline, () => true, work)
  if (!views) throw new ProvError('locked', 'another git prov sync is running in this clone', { hint: 'try again' })
  return views
}

/** Syncs with each remote; the first is contacted at once, while local refs are listed. */
async function syncAll(
  context: Context,
  targets: readonly Destination[],
  { noPush, snapshots, wait }: SyncRequest,
  deadline: number,
): Promise<SyncView[]> {
  const repository = context.repository()
  const progress = phaseLine(context.stderr)
  const options: SyncOptions = {
    deadline,
    ask: context.stdin.isTTY === true && context.stderr.isTTY === true,
    noPush,
    snapshots,
    onStep: progress.show,
    ...(context.stderr.isTTY && { onProgress: progress.show }),
  }
  const [first] = targets as [Destination, ...Destination[]]
  const early = new AbortController()
  const fetching = startFetch(repository, first, { ...options, signal: early.signal })
  const views: SyncView[] = []
  try {
    const names = targets.map(({ remote }) => remote)
    const refs = listSources(repository, names)
    requireListed(readSettings(repository).branchRef, refs)
    for (const target of targets) {
      const prefetched = target === first ? { fetching, refs } : {}
      views.push(await syncOne(context, target, { ...options, prefetched }, wait, targets.length === 1))
    }
  } finally {
    early.abort()
    progress.clear()
  }
  return views
}
