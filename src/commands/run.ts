import type { Context } from '../context.ts'
import { execute } from '../execute/execute.ts'
import { dieBy, SignalRelay } from '../execute/signals.ts'
import { holderOf } from '../ledger/local/lock.ts'
import { abandonedRuns, writeActive } from '../run/active-runs.ts'
import { begin } from '../run/begin.ts'
import { childEnvironment } from '../run/child-environment.ts'
import { complain } from '../run/complain.ts'
import { end } from '../run/end.ts'
import { parseOptions, type RunOptions } from '../run/options.ts'
import { laterScene, openScene, type Scene } from '../run/session.ts'
import { beginTrace } from '../run/trace.ts'
import type { CommandSpec } from '../terminal/words.ts'

/** `git prov run`: the plan before, the command, the result after. Returns the command's own exit status. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const options = parseOptions(argv, spec)
  if (options.finish !== undefined) return await (await import('../run/queued.ts')).finishQueued(context, options)
  const scene = await openScene(context)
  try {
    await closeOthers(scene)
    return await carryOut(scene, options)
  } finally {
    scene.objects.close()
  }
}

/** Runs whose `git prov run` was killed are closed by whichever command comes next. */
async function closeOthers(scene: Scene): Promise<void> {
  if (abandonedRuns(scene.local).length === 0) return
  const { closeAbandoned } = await import('../run/close-abandoned.ts')
  await closeAbandoned(scene.context, scene.objects).catch((error) => complain(scene, error))
}

async function carryOut(scene: Scene, options: RunOptions): Promise<number> {
  const begun = await begin(scene, options)
  const { plan, active, kept, mlflow } = begun
  if (options.start) return await (await import('../run/queued.ts')).startQueued(scene, plan, active)
  const later = laterScene(scene)
  const trace = options.trace ? await beginTrace(scene, active.runId, options.command[0] as string) : undefined
  const relay = new SignalRelay()
  const execution = await execute({
    command: trace && 'wrap' in trace ? trace.wrap(options.command) : options.command,
    folder: scene.context.cwd,
    env: { ...childEnvironment(scene, active.runId, plan.stored.id), ...mlflow?.env },
    relay,
    onStart: (pid) => {
      writeActive(scene.local, { ...active, child: holderOf(pid) })
      kept?.foldBehind()
    },
  })
  const abort = new AbortController()
  relay.onLate = () => abort.abort()
  const after = later(abort.signal)
  await end(after, options, { ...begun, trace }, execution)
  after.objects.close()
  relay.stop()
  const { ending } = execution
  return 'signal' in ending ? dieBy(ending.signal) : ending.exitCode
}
