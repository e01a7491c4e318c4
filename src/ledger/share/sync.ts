import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import { compareTrees } from '../../git/objects/compare-trees.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import { readMissingTips } from '../../git/refs/missing-tips.ts'
import { listRefs } from '../../git/refs/refs.ts'
import { type TransferOptions, transfer } from '../../git/refs/transfer.ts'
import type { Repository } from '../../git/repository.ts'
import { cloneId, renewCloneId } from '../local/clone-id.ts'
import { rememberLastSeen } from '../local/last-seen.ts'
import { localDir } from '../local/local-dir.ts'
import { sleep } from '../local/lock.ts'
import { readSeenTip, writeSeenTip } from '../local/seen-tips.ts'
import { readSettings } from '../local/settings.ts'
import { listFiles } from '../read/read.ts'
import { unjoinedOf } from '../read/sources.ts'
import { holdsRedacted } from '../removal/rewriting.ts'
import type { Destination } from './destination.ts'
import { type Fetched, fetchProvenance, holds, type Prefetched } from './fetch.ts'
import { type PushedRef, pushRefs } from './push.ts'
import { countRecords, type SyncView } from './sync-view.ts'

export interface SyncOptions extends TransferOptions {
  /** Only fetch and join. */
  noPush?: boolean
  /** Uncommitted work kept for replay goes and comes too. */
  snapshots?: boolean
  onStep?: (what: string) => void
  /** What was begun before, for the first attempt. */
  prefetched?: Prefetched
}

// ms.
const shortestWait = 50
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
  const objects = new ObjectReader(repository)
  try {
    return await new Sync(repository, destination, options, objects).run()
  } finally {
    objects.close()
  }
}

/** One sync with one remote. */
class Sync {
  readonly #repository: Repository
  readonly #destination: Destination
  readonly #options: SyncOptions
  readonly #objects: ObjectReader
  readonly #view: SyncView
  #ahead: Prefetched
  /** What lies in our inbox there: then it is safe, and most often somebody else folds it in before we try again. */
  #inbox: string | undefined

  constructor(repository: Repository, destination: Destination, options: SyncOptions, objects: ObjectReader) {
    this.#repository = repository
    this.#destination = destination
    this.#options = options
    this.#objects = objects
    this.#ahead = options.prefetched ?? {}
    const { remote, url } = destination
    this.#view = { remote, url, state: 'up-to-date', received: 0, sent: 0, folded: 0, races: 0 }
  }

  async run(): Promise<SyncView> {
    const view = this.#view
    const { deadline } = this.#options
    while (view.races <= mostRaces && Date.now() < deadline) {
      const began = Date.now()
      const done = await this.#attempt()
      if (done) return done
      view.races += 1
      await pause(Date.now() - began, view.races, deadline)
    }
    const mine = (await this.#objects.read(readSettings(this.#repository).branchRef))?.oid
    if (mine && this.#inbox !== mine) await this.#toInbox(mine)
    return { ...view, state: this.#inbox ? 'inbox' : 'kept' }
  }

  /** Fetch, join, push. Undefined: another writer was first. */
  async #attempt(): Promise<SyncView | undefined> {
    const repository = this.#repository
    const { remote, url } = this.#destination
    const fetched = await this.#hear()
    const { mine, tip } = fetched
    writeSeenTip(repository, url, tip)
    if (!mine || this.#options.noPush) return settle(this.#view, fetched)
    if (mine === tip) {
      await clearLeft(repository, remote, fetched, this.#inbox !== undefined, this.#options)
      await this.#exchangeSnapshots()
      return settle(this.#view, fetched)
    }
    if (tip && (await holdsRedacted(repository, this.#objects, tip)))
      return { ...settle(this.#view, fetched), state: 'rewritten' }
    this.#options.onStep?.(`sending to ${remote}`)
    if (!(await this.#push(mine, fetched.inboxes.size > 0))) return undefined
    writeSeenTip(repository, url, mine)
    await this.#clearAfter(mine, fetched)
    await this.#exchangeSnapshots()
    const sent = await countSent(repository, this.#objects, tip, mine)
    return { ...this.#view, state: 'synced', sent, folded: othersIn(repository, fetched) }
  }

  async #hear(): Promise<Fetched> {
    const repository = this.#repository
    this.#options.onStep?.(`asking ${this.#destination.remote}`)
    const fetched = await fetchProvenance(repository, this.#destination, this.#options, this.#ahead)
    this.#ahead = {}
    const lost = lostTip(repository, this.#destination, fetched)
    if (fetched.mine !== undefined && fetched.mine === fetched.tip && fetched.inboxes.size === 0) return fetched
    const { joinRefs } = await import('./join.ts')
    const joined = await joinRefs(
      repository,
      this.#objects,
      unjoinedOf(repository, fetched.refs),
      this.#options.deadline,
    )
    rememberLastSeen(repository, fetched.refs)
    if (lost && !joined.some(({ redaction }) => redaction)) this.#view.replaced = lost
    this.#view.received += joined.reduce((sum, { records }) => sum + records, 0)
    return { ...fetched, mine: (await this.#objects.read(readSettings(repository).branchRef))?.oid }
  }

  /** Whether the branch landed. Where others are at it, ours goes into our inbox too, so that nothing is lost with the race. */
  async #push(from: string, others: boolean): Promise<boolean> {
    const repository = this.#repository
    const branch: PushedRef = { from, to: readSettings(repository).branchRef }
    const extra: PushedRef[] =
      others && this.#inbox === undefined ? [{ from, to: ownInbox(repository), optional: true }] : []
    const [landed, kept] = await pushRefs(repository, this.#destination.remote, [branch, ...extra], this.#options)
    if (kept === 'landed') this.#inbox = from
    if (landed === 'landed') return true
    if (this.#inbox === undefined) await this.#toInbox(from)
    return false
  }

  async #toInbox(from: string): Promise<void> {
    if (await toInbox(this.#repository, this.#destination.remote, from, this.#options)) this.#inbox = from
  }

  /** The inboxes that were folded in go, and our own where we made it. */
  async #clearAfter(mine: string, fetched: Fetched): Promise<void> {
    const inboxes = new Map(fetched.inboxes)
    if (this.#inbox) inboxes.set(ownInbox(this.#repository), this.#inbox)
    await clear(this.#repository, this.#destination.remote, { tip: mine, inboxes }, this.#options)
  }

  /** Each has a name of its own, so they never differ. Fetched without pruning: one that is only here is not to go. */
  async #exchangeSnapshots(): Promise<void> {
    if (!this.#options.snapshots) return
    const repository = this.#repository
    const { remote } = this.#destination
    const spec = 'refs/prov/snapshots/*:refs/prov/snapshots/*'
    const words = ['--no-tags', '--no-write-fetch-head', '--no-prune', remote, spec]
    await transfer(repository, ['fetch', ...words], this.#options)
    const refs = [...listRefs(repository, ['refs/prov/snapshots/'])].map(([ref, from]) => ({ from, to: ref }))
    if (refs.length > 0) await pushRefs(repository, remote, refs, this.#options)
  }
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

/**
 * AWS Architecture Blog, "Exponential Backoff And Jitter": full jitter. Measured by what an attempt takes here, so that
 * about one of many begins while another is at it.
 */
async function pause(took: number, races: number, deadline: number): Promise<void> {
  const most = Math.min(longestWait, Math.max(took, shortestWait) * 2 ** (races - 1))
  await sleep(Math.max(0, Math.min(Math.random() * most, deadline - Date.now())))
}

const ownInbox = (repository: Repository) => `refs/prov/inbox/${cloneId(localDir(repository))}`

const othersIn = (repository: Repository, { inboxes }: Fetched) =>
  [...inboxes.keys()].filter((ref) => ref !== ownInbox(repository)).length

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
  { tip, inboxes }: Pick<Fetched, 'tip' | 'inboxes'>,
  options: SyncOptions,
): Promise<void> {
  if (tip === undefined || inboxes.size === 0) return
  try {
    const { missing } = await readMissingTips(repository, tip, [...inboxes.values()])
    const folded = [...inboxes].filter(([, at]) => !missing.has(at))
    const gone = folded.map(([to, lease]) => ({ to, lease }))
    if (gone.length > 0) await pushRefs(repository, remote, gone, options)
  } catch {
    // The next to sync clears them.
  }
}

async function countSent(
  repository: Repository,
  objects: ObjectReader,
  before: string | undefined,
  after: string,
): Promise<number> {
  if (!before) return countRecords(listFiles(repository, after))
  const { changes } = await compareTrees(objects, before, after)
  return countRecords(changes.filter(({ before: old }) => !old))
}
