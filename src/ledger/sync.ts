import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../core/replace-file.ts'
import { countRecords, type SyncView } from '../core/sync-view.ts'
import { listRefs } from '../git/refs.ts'
import type { Repository } from '../git/repository.ts'
import { type TransferOptions, transfer } from '../git/transfer.ts'
import { diffTrees } from '../git/tree-diff.ts'
import { cloneId, renewCloneId } from './clone-id.ts'
import type { Destination } from './destination.ts'
import { type Fetched, fetchProvenance, holds } from './fetch.ts'
import { joinRemotes } from './join.ts'
import { localDir } from './local-dir.ts'
import { sleep } from './lock.ts'
import { type Landed, type PushedRef, pushRefs } from './push.ts'
import { listFiles } from './read.ts'
import { holdsRedacted } from './rewriting.ts'
import { readSeenTip, writeSeenTip } from './seen-tips.ts'
import { readSettings } from './settings.ts'

export interface SyncOptions extends TransferOptions {
  /** Only fetch and join. */
  noPush?: boolean
  /** Uncommitted work kept for replay goes and comes too. */
  snapshots?: boolean
  onStep?: (what: string) => void
}

// Full jitter up to these, ms: what FACTS on sixteen clones at once asked for.
const firstWait = 50
const longestWait = 2000
const mostRaces = 8

/**
 * Fetches a remote's branch and inboxes, joins them, and pushes. A race lost goes on with what won; so that it cannot
 * be lost for good, ours goes to this clone's own inbox there at once, which nobody else writes to and whoever is next
 * folds in. Throws `remote` and `not-shared`; what is here is safe in any case.
 */
export async function syncRemote(
  repository: Repository,
  destination: Destination,
  options: SyncOptions,
): Promise<SyncView> {
  const { remote, url } = destination
  const view: SyncView = { remote, url, state: 'up-to-date', received: 0, sent: 0, folded: 0, races: 0 }
  let inbox: string | undefined
  for (; view.races <= mostRaces && Date.now() < options.deadline; await pause(view.races, options.deadline)) {
    const fetched = await hear(repository, destination, view, options)
    const { mine } = fetched
    writeSeenTip(repository, url, fetched.tip)
    if (!mine || options.noPush) return settle(view, fetched)
    if (mine === fetched.tip) {
      await clearLeft(repository, remote, fetched, inbox !== undefined, options)
      if (options.snapshots) await exchangeSnapshots(repository, remote, options)
      return settle(view, fetched)
    }
    if (fetched.tip && (await holdsRedacted(repository, fetched.tip)))
      return { ...settle(view, fetched), state: 'rewritten' }
    options.onStep?.(`sending to ${remote}`)
    const crowded = view.races > 0 || fetched.inboxes.size > 0
    const [landed, kept] = await send(repository, remote, mine, crowded, options)
    if (landed === 'landed') {
      view.sent = countSent(repository, fetched.tip, mine)
      writeSeenTip(repository, url, mine)
      await clearAfter(repository, remote, mine, fetched, kept === 'landed', options)
      if (options.snapshots) await exchangeSnapshots(repository, remote, options)
      return { ...view, state: 'synced', folded: othersIn(repository, fetched) }
    }
    view.races += 1
    if (kept === 'landed' || (await toInbox(repository, remote, mine, options))) inbox = mine
  }
  return { ...view, state: inbox ? 'inbox' : 'kept' }
}

async function hear(
  repository: Repository,
  destination: Destination,
  view: SyncView,
  options: SyncOptions,
): Promise<Fetched> {
  options.onStep?.(`asking ${destination.remote}`)
  const fetched = await fetchProvenance(repository, destination, options)
  const lost = lostTip(repository, destination, fetched)
  if (fetched.mine !== undefined && fetched.mine === fetched.tip && fetched.inboxes.size === 0) return fetched
  const joined = await joinRemotes(repository, options.deadline, [destination.remote])
  if (lost && !joined.some(({ redaction }) => redaction)) view.replaced = lost
  view.received += joined.reduce((sum, { records }) => sum + records, 0)
  const { branchRef } = readSettings(repository)
  return { ...fetched, mine: listRefs(repository, [branchRef]).get(branchRef) }
}

/** The tip this remote had when it was last seen, when it does not have it any more. */
function lostTip(repository: Repository, { url }: Destination, { tip }: Fetched): string | undefined {
  const seen = readSeenTip(repository, url)
  if (!seen || seen === tip) return undefined
  return tip && holds(repository, tip, seen) ? undefined : seen
}

function settle(view: SyncView, fetched: Fetched): SyncView {
  const state = view.races > 0 ? 'synced' : view.received > 0 ? 'received' : 'up-to-date'
  return { ...view, state, folded: view.received > 0 ? fetched.inboxes.size : 0 }
}

/** AWS Architecture Blog, "Exponential Backoff And Jitter": full jitter. */
async function pause(races: number, deadline: number): Promise<void> {
  const most = Math.min(longestWait, firstWait * 2 ** races)
  await sleep(Math.max(0, Math.min(Math.random() * most, deadline - Date.now())))
}

/** Pushes the branch; where others are at it, ours goes into our inbox by the same push, so that nothing is lost with the race. */
async function send(
  repository: Repository,
  remote: string,
  from: string,
  crowded: boolean,
  options: SyncOptions,
): Promise<Landed[]> {
  const branch: PushedRef = { from, to: readSettings(repository).branchRef }
  const refs: PushedRef[] = crowded ? [branch, { from, to: ownInbox(repository), optional: true }] : [branch]
  return await pushRefs(repository, remote, refs, options)
}

const ownInbox = (repository: Repository) => `refs/prov/inbox/${cloneId(localDir(repository))}`

const othersIn = (repository: Repository, { inboxes }: Fetched) =>
  [...inboxes.keys()].filter((ref) => ref !== ownInbox(repository)).length

/** The inboxes that were folded in go, and our own where the push that landed made it. */
async function clearAfter(
  repository: Repository,
  remote: string,
  mine: string,
  fetched: Fetched,
  inboxMade: boolean,
  options: SyncOptions,
): Promise<void> {
  const inboxes = new Map(fetched.inboxes)
  if (inboxMade) inboxes.set(ownInbox(repository), mine)
  await clear(repository, remote, { mine, tip: mine, inboxes }, options)
}

/** Whether it lies in the inbox now. A copied clone has another's inbox, and takes a new one. */
async function toInbox(repository: Repository, remote: string, from: string, options: SyncOptions): Promise<boolean> {
  const local = localDir(repository)
  for (const id of [cloneId(local), undefined]) {
    const to = `refs/prov/inbox/${id ?? renewCloneId(local)}`
    try {
      const [landed] = await pushRefs(repository, remote, [{ from, to }], options)
      if (landed === 'landed') return true
    } catch {
      // A server that takes no such ref: there is only the branch, then.
      return false
    }
  }
  return false
}

/** Each has a name of its own, so they never differ. Fetched without pruning: one that is only here is not to go. */
async function exchangeSnapshots(repository: Repository, remote: string, options: SyncOptions): Promise<void> {
  const spec = 'refs/prov/snapshots/*:refs/prov/snapshots/*'
  await transfer(repository, ['fetch', '--no-tags', '--no-write-fetch-head', '--no-prune', remote, spec], options)
  const refs = [...listRefs(repository, ['refs/prov/snapshots/'])].map(([ref, from]) => ({ from, to: ref }))
  if (refs.length > 0) await pushRefs(repository, remote, refs, options)
}

/**
 * Clears inboxes that the branch holds although nothing was to be sent: our own; and those of a clone that was killed
 * between its push and clearing up, which is so where the last sync from here saw the same already.
 */
async function clearLeft(
  repository: Repository,
  remote: string,
  fetched: Fetched,
  own: boolean,
  options: SyncOptions,
): Promise<void> {
  if (fetched.inboxes.size === 0) return
  const file = join(localDir(repository).cache, 'seen-inboxes.json')
  const before = readSeen(file)
  replaceFile(file, JSON.stringify(Object.fromEntries(fetched.inboxes)))
  const left = [...fetched.inboxes].filter(([ref, at]) => (own && ref === ownInbox(repository)) || before[ref] === at)
  await clear(repository, remote, { ...fetched, inboxes: new Map(left) }, options)
}

function readSeen(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>
  } catch {
    return {}
  }
}

/** Takes away inboxes whose content the remote's branch holds, each only while it is what was folded in. */
async function clear(
  repository: Repository,
  remote: string,
  { tip, inboxes }: Fetched,
  options: SyncOptions,
): Promise<void> {
  const folded = [...inboxes].filter(([, at]) => tip !== undefined && holds(repository, tip, at))
  if (folded.length === 0) return
  try {
    await pushRefs(
      repository,
      remote,
      folded.map(([to, lease]) => ({ to, lease })),
      options,
    )
  } catch {
    // The next to sync clears them.
  }
}

function countSent(repository: Repository, before: string | undefined, after: string): number {
  const files = before
    ? diffTrees(repository, before, after).filter(({ before: old }) => !old)
    : listFiles(repository, after)
  return countRecords(files)
}
