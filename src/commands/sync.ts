import { ProvError } from '../base/errors.ts'
import { plural } from '../base/quantity.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Destination } from '../ledger/share/destination.ts'
import type { SyncView } from '../ledger/share/sync-view.ts'
import { preparePush } from '../share/prepare-push.ts'
import { syncRemotes } from '../share/sync-remotes.ts'
import { renderSync, renderSyncPlan } from '../share/sync-text.ts'
import { targetsOf } from '../share/targets.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov sync [<remote>]`. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  if (words.length > 1) throw new ProvError('usage', 'sync takes one remote', { hint: 'git prov help sync' })
  const noPush = flags['no-push'] === true
  const targets = targetsOf(context.repository(), words[0], noPush)
  if (flags['dry-run']) return await dryRun(context, targets, flags.json === true)
  await getReady(context, targets, noPush)
  const request = { noPush, snapshots: flags.snapshots === true, wait: flags.wait === true }
  const views = await syncRemotes(context, targets, request)
  if (flags.json) context.stdout.write(`${JSON.stringify(views, null, 2)}\n`)
  else for (const view of views) tell(context, view, flags.quiet === true)
  return views.every(({ state }) => state !== 'kept' && state !== 'rewritten') ? 0 : 2
}

async function getReady(context: Context, targets: readonly Destination[], noPush: boolean): Promise<void> {
  const objects = new ObjectReader(context.repository())
  try {
    await catchUp(context, objects, { news: false })
    if (!noPush) await preparePush(context, objects, targets)
  } finally {
    objects.close()
  }
}

function tell(context: Context, view: SyncView, quiet: boolean): void {
  if (!quiet) context.stdout.write(`${renderSync(view)}\n`)
  else if (view.state === 'kept' || view.state === 'rewritten') context.stderr.write(`${renderSync(view)}\n`)
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
