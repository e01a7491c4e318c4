import { messageOf, ProvError } from '../base/errors.ts'
import { plural } from '../base/quantity.ts'
import { arePatchesRecorded } from '../capture/patches-seen.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { listRemotes } from '../git/refs/remotes.ts'
import { writeLastSync } from '../ledger/local/last-sync.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { sleep, withLock } from '../ledger/local/lock.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { requireListed } from '../ledger/read/read.ts'
import { listSources } from '../ledger/read/sources.ts'
import { type Destination, destinations } from '../ledger/share/destination.ts'
import { startFetch } from '../ledger/share/fetch.ts'
import { type SyncOptions, syncRemote } from '../ledger/share/sync.ts'
import type { SyncView } from '../ledger/share/sync-view.ts'
import { renderSync, renderSyncPlan } from '../share/sync-text.ts'
import { phaseLine } from '../terminal/progress.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** ms that a sync may take in all, on a terminal and behind a push. */
const patience = 60_000

/** `git prov sync [<remote>]`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  if (words.length > 1) throw new ProvError('usage', 'sync takes one remote', { hint: 'git prov help sync' })
  const repository = context.repository()
  const noPush = flags['no-push'] === true
  const targets = targetsOf(context, words[0], noPush)
  if (flags['dry-run']) return await dryRun(context, targets, flags.json === true)
  await lookAfter(context, targets, noPush)
  const local = localDir(repository)
  const deadline = Date.now() + patience
  const work = () => syncAll(context, targets, flags, deadline)
  const views = await withLock({ ...local, lock: `${local.path}/sync.lock` }, deadline, () => true, work)
  if (!views) throw new ProvError('locked', 'another git prov sync is at it in this clone', { hint: 'try again' })
  if (flags.json) context.stdout.write(`${JSON.stringify(views, null, 2)}\n`)
  else for (const view of views) tell(context, view, flags.quiet === true)
  return views.every(({ state }) => state !== 'kept' && state !== 'rewritten') ? 0 : 2
}

/** Syncs with each remote; the first is asked at once, and the refs here are listed meanwhile. */
async function syncAll(
  context: Context,
  targets: readonly Destination[],
  flags: Record<string, unknown>,
  deadline: number,
): Promise<SyncView[]> {
  const repository = context.repository()
  const progress = phaseLine(context.stderr)
  const options: SyncOptions = {
    deadline,
    ask: context.stdin.isTTY === true && context.stderr.isTTY === true,
    noPush: flags['no-push'] === true,
    snapshots: flags.snapshots === true,
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
      const ahead = target === first ? { fetching, refs } : {}
      views.push(await syncOne(context, target, { ...options, ahead }, flags.wait === true, targets.length === 1))
    }
  } finally {
    early.abort()
    progress.clear()
  }
  return views
}

/** Catches up; and before anything is sent, writes down patch ids and a seal, where there are any to be made. */
async function lookAfter(context: Context, targets: readonly Destination[], noPush: boolean): Promise<void> {
  const objects = new ObjectReader(context.repository())
  try {
    await catchUp(context, objects, { news: false })
    if (!noPush) await prepare(context, objects, targets)
  } finally {
    objects.close()
  }
}

async function prepare(context: Context, objects: ObjectReader, targets: readonly Destination[]): Promise<void> {
  const repository = context.repository()
  if (!arePatchesRecorded(repository))
    await (await import('../capture/record-patches.ts')).recordPatches(context, objects)
  if (!readSettings(repository).sealAtPush) return
  const { sealBeforePush } = await import('../trust/seal.ts')
  await sealBeforePush(
    context,
    objects,
    targets.map(({ url }) => url),
  )
}

/** Reading is no sharing: without a push any remote may be asked. */
function targetsOf(context: Context, asked: string | undefined, noPush: boolean): Destination[] {
  const repository = context.repository()
  if (noPush && asked !== undefined && listRemotes(repository).includes(asked))
    return [{ remote: asked, url: '', only: true }]
  return destinations(repository, asked)
}

function tell(context: Context, view: SyncView, quiet: boolean): void {
  if (!quiet) context.stdout.write(`${renderSync(view)}\n`)
  else if (view.state === 'kept' || view.state === 'rewritten') context.stderr.write(`${renderSync(view)}\n`)
}

async function syncOne(
  context: Context,
  target: Destination,
  { ahead, ...options }: SyncOptions,
  isPatient: boolean,
  alone: boolean,
): Promise<SyncView> {
  const repository = context.repository()
  const local = localDir(repository)
  let first = true
  const work = () => {
    const view = syncRemote(repository, target, { ...options, ...(first && ahead && { ahead }) })
    first = false
    return view
  }
  try {
    const view = await (isPatient ? untilThere(work, options.deadline) : work())
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

/** A push under way may be what makes the remote's first branch, and a server that is away comes back. */
async function untilThere<T>(work: () => Promise<T>, deadline: number): Promise<T> {
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

async function dryRun(context: Context, targets: readonly Destination[], json: boolean): Promise<number> {
  const { planSync } = await import('../ledger/share/sync-plan.ts')
  const plans = targets.map((target) => planSync(context.repository(), target))
  if (json) context.stdout.write(`${JSON.stringify(plans, null, 2)}\n`)
  else {
    for (const plan of plans) context.stdout.write(`${renderSyncPlan(plan)}\n`)
    context.stdout.write(
      `prov: nothing was sent; ${plural(plans.length, 'remote')} may get provenance from this clone\n`,
    )
  }
  return 0
}
