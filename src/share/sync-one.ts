import { messageOf, ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { writeLastSync } from '../ledger/local/last-sync.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { sleep } from '../ledger/local/lock.ts'
import type { Destination } from '../ledger/share/destination.ts'
import { type SyncOptions, syncRemote } from '../ledger/share/sync.ts'
import type { SyncView } from '../ledger/share/sync-view.ts'

/**
 * Syncs with one remote and keeps the result. A failure is part of the view when there are other remotes, and thrown when
 * this one is `alone`.
 */
export async function syncOne(
  context: Context,
  target: Destination,
  { prefetched, ...options }: SyncOptions,
  isPatient: boolean,
  alone: boolean,
): Promise<SyncView> {
  const repository = context.repository()
  const local = localDir(repository)
  let first = true
  const work = () => {
    const view = syncRemote(repository, target, { ...options, ...(first && prefetched && { prefetched }) })
    first = false
    return view
  }
  try {
    const view = await (isPatient ? retryUntilAvailable(work, options.deadline) : work())
    writeLastSync(local, { view, time: context.now().toISOString() })
    return view
  } catch (error) {
    const view: SyncView = {
      remote: target.remote,
      url: target.url,
      state: 'kept',
      received: 0,
      sent: 0,
      folded: 0,
      races: 0,
      problem: problemOf(error),
    }
    writeLastSync(local, { view, time: context.now().toISOString() })
    if (alone || !(error instanceof ProvError)) throw error
    return view
  }
}

/** A push in progress may create the remote's first branch, and a server that is down may come back. */
async function retryUntilAvailable<T>(work: () => Promise<T>, deadline: number): Promise<T> {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    try {
      return await work()
    } catch (error) {
      const passing = error instanceof ProvError && ['remote', 'not-shared'].includes(error.code)
      if (!passing || Date.now() + wait > deadline) throw error
      await sleep(wait * (0.5 + Math.random() / 2))
    }
  }
}

function problemOf(error: unknown): string {
  const cause = error instanceof ProvError && typeof error.cause === 'string' ? error.cause : ''
  const why = cause
    .split('\n')
    .map((line) => line.trim())
    .find((line) => /^(fatal|error|remote|ssh)/.test(line))
  return why ? `${messageOf(error)} (${why.slice(0, 200)})` : messageOf(error)
}
