import type { Context } from '../context.ts'
import { type Execution, execute } from '../execute/execute.ts'
import { dieBy, SignalRelay } from '../execute/signals.ts'
import {
  type ActiveRun,
  abandonedRuns,
  outputsOfOthers,
  removeActive,
  tellOthers,
  writeActive,
} from '../ledger/active-runs.ts'
import { startWrites } from '../ledger/fold.ts'
import { holderOf } from '../ledger/lock.ts'
import { appendRun, complain } from './run/append-run.ts'
import { childEnvironment } from './run/child-environment.ts'
import { finishRun } from './run/finish.ts'
import { parseOptions, type RunOptions } from './run/options.ts'
import { makePlan, type Plan } from './run/plan.ts'
import { reportRun } from './run/report.ts'
import { laterScene, openScene, type Scene } from './run/scene.ts'

/** `git prov run`: the plan before, the command, the result after. Returns the command's own exit status. */
export async function run(argv: string[], context: Context): Promise<number> {
  const options = parseOptions(argv)
  if (options.finish !== undefined) return await (await import('./run/queued.ts')).finishQueued(context, options)
  const scene = await openScene(context)
  try {
    await closeOthers(scene)
    const begun = await begin(scene, options)
    if (options.start) return (await import('./run/queued.ts')).startQueued(scene, begun.plan, begun.active)
    return await carryOut(scene, options, begun)
  } finally {
    scene.objects.close()
  }
}

async function carryOut(scene: Scene, options: RunOptions, begun: Begun): Promise<number> {
  const later = laterScene(scene)
  const relay = new SignalRelay()
  const execution = await execute({
    command: options.command,
    folder: scene.context.cwd,
    env: childEnvironment(scene, begun.active.runId, begun.plan.stored.id),
    relay,
    onStart: (pid) => writeActive(scene.local, { ...begun.active, child: holderOf(pid) }),
  })
  await end(later, options, begun, execution, relay)
  relay.stop()
  const { ending } = execution
  return 'signal' in ending ? dieBy(ending.signal) : ending.exitCode
}

/** Runs whose `git prov run` was killed are closed by whichever command comes next. */
async function closeOthers({ context, objects, local }: Scene): Promise<void> {
  if (abandonedRuns(local).length === 0) return
  await (await import('./run/close-abandoned.ts')).closeAbandoned(context, objects)
}

interface Begun {
  plan: Plan
  active: ActiveRun
  /** Whether the plan is in the ledger. */
  recorded: boolean
}

async function begin(scene: Scene, options: RunOptions): Promise<Begun> {
  const ahead = startWrites(scene.repository)
  const plan = await makePlan(scene, options)
  const { runId, outputs = [], time } = plan.stored.record
  const active: ActiveRun = {
    runId,
    plan: { id: plan.stored.id, time },
    ...(!options.start && { holder: holderOf(process.pid) }),
    workTree: scene.repository.workTree,
    outputs: outputs.map(({ path }) => path),
  }
  writeActive(scene.local, active)
  return { plan, active, recorded: await appendRun(scene, plan.entry, plan.ident, ahead) }
}

/** Whatever goes wrong here, the command has run and its exit status stands. */
async function end(
  later: (signal: AbortSignal) => Scene,
  options: RunOptions,
  { plan, active, recorded }: Begun,
  execution: Execution,
  relay: SignalRelay,
): Promise<void> {
  const abort = new AbortController()
  relay.onLate = () => abort.abort()
  const scene = later(abort.signal)
  try {
    const ahead = startWrites(scene.repository)
    const planned = { id: recorded ? plan.stored.id : undefined, record: plan.stored.record, plain: plan.plain }
    const { stored, entry } = await finishRun(
      scene,
      planned,
      plan.before,
      outputsOfOthers(scene.local, active),
      execution,
    )
    if (await appendRun(scene, entry, plan.ident, ahead)) {
      tellOthers(scene.local, active)
      removeActive(scene.local, active.runId)
      reportRun(scene, options, planned.id ?? stored.id, stored)
    }
  } catch (error) {
    complain(scene, error)
  } finally {
    scene.objects.close()
  }
}
