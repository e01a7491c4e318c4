import type { Context } from '../context.ts'
import { plural } from '../core/dataset.ts'
import { messageOf, ProvError } from '../core/errors.ts'
import type { SyncView } from '../core/sync-view.ts'
import { ObjectReader } from '../git/objects.ts'
import { listRemotes } from '../git/remotes.ts'
import { type Destination, destinations } from '../ledger/destination.ts'
import { writeLastSync } from '../ledger/last-sync.ts'
import { localDir } from '../ledger/local-dir.ts'
import { sleep, withLock } from '../ledger/lock.ts'
import { requireBranchIn } from '../ledger/read.ts'
import { readSettings } from '../ledger/settings.ts'
import { syncRemote } from '../ledger/sync.ts'
import { planSync } from '../ledger/sync-plan.ts'
import { phaseLine } from '../render/progress.ts'
import { renderSync, renderSyncPlan } from '../render/sync.ts'
import { catchUp } from './catch-up.ts'
import { recordPatches } from './record-patches.ts'
import { sealBeforePush } from './seal.ts'
import { parseWords } from './spec.ts'
import { commandNamed } from './table.ts'

/** ms that a sync may take in all, on a terminal and behind a push. */
const patience = 60_000

/** `git prov sync [<remote>]`. */
export async function run(argv: string[], context: Context): Promise<number> {
  const { flags, words } = parseWords(commandNamed('sync'), argv)
  if (words.length > 1) throw new ProvError('usage', 'sync takes one remote', { hint: 'git prov help sync' })
  const repository = context.repository()
  const targets = targetsOf(context, words[0], flags['no-push'] === true)
  if (flags['dry-run']) return dryRun(context, targets, flags.json === true)
  const objects = new ObjectReader(repository)
  try {
    await requireBranchIn(repository, objects)
    await catchUp(context, objects)
    if (!flags['no-push']) await recordPatches(context, objects)
    if (!flags['no-push'] && readSettings(repository).sealAtPush)
      await sealBeforePush(
        context,
        objects,
        targets.map(({ url }) => url),
      )
  } finally {
    objects.close()
  }
  const views: SyncView[] = []
  for (const target of targets) views.push(await syncOne(context, target, flags, targets.length === 1))
  if (flags.json) context.stdout.write(`${JSON.stringify(views, null, 2)}\n`)
  else for (const view of views) tell(context, view, flags.quiet === true)
  return views.every(({ state }) => state !== 'kept' && state !== 'rewritten') ? 0 : 2
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
  flags: Record<string, unknown>,
  alone: boolean,
): Promise<SyncView> {
  const repository = context.repository()
  const local = localDir(repository)
  const deadline = Date.now() + patience
  const progress = phaseLine(context.stderr)
  const work = () =>
    syncRemote(repository, target, {
      deadline,
      ask: context.stdin.isTTY === true && context.stderr.isTTY === true,
      noPush: flags['no-push'] === true,
      snapshots: flags.snapshots === true,
      onStep: progress.show,
      ...(context.stderr.isTTY && { onProgress: progress.show }),
    })
  try {
    const patiently = () => (flags.wait ? untilThere(work, deadline) : work())
    const view = await withLock({ ...local, lock: `${local.path}/sync.lock` }, deadline, () => true, patiently)
    if (!view) throw new ProvError('locked', 'another git prov sync is at it in this clone', { hint: 'try again' })
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
  } finally {
    progress.clear()
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

function dryRun(context: Context, targets: readonly Destination[], json: boolean): number {
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
