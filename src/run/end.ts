import type { Missing } from '../base/missing.ts'
import type { Execution } from '../execute/execute.ts'
import type { FileTrace } from '../execute/file-trace.ts'
import { readChanges } from '../git/work-tree/status.ts'
import { dropWrites, startWrites } from '../ledger/append/fold.ts'
import { outputsOfOthers, removeActive, tellOthers, writeActive } from './active-runs.ts'
import type { Begun } from './begin.ts'
import { complain } from './complain.ts'
import { finishRun } from './finish.ts'
import { toldToMlflow } from './mlflow.ts'
import type { RunOptions } from './options.ts'
import { recordRun } from './record-run.ts'
import { reportRun } from './report.ts'
import type { Scene } from './session.ts'
import { endTrace } from './trace.ts'

/** Records how a run ended. Never rejects: whatever goes wrong here, the command has run and its exit status stands. */
export async function end(
  scene: Scene,
  options: RunOptions,
  begun: Begun & { trace: FileTrace | Missing | undefined },
  execution: Execution,
): Promise<void> {
  const { plan, active, kept } = begun
  const after = plan.before.scan && readChanges(scene.repository)
  const ahead = startWrites(scene.repository)
  try {
    const { stored: first, full, plain } = plan
    const planned = { id: kept ? first.id : undefined, record: full, plain }
    const mlflow = await toldToMlflow(begun.mlflow)
    const traced = begun.trace && (await endTrace(scene, begun.trace))
    const { stored, entry } = await finishRun(scene, {
      planned,
      before: plan.before,
      ...(after && { after }),
      others: outputsOfOthers(scene.local, active),
      ended: execution,
      metrics: { since: execution.started.getTime(), declared: active.metrics ?? [], mlflow },
      traced,
    })
    await kept?.settle()
    if (!(await recordRun(scene, entry, plan.ident, ahead))) return keepEnd(scene, begun, execution)
    tellOthers(scene.local, active)
    removeActive(scene.local, active.runId)
    reportRun(scene, options, planned.id ?? stored.id, stored)
  } catch (error) {
    complain(scene, error)
    keepEnd(scene, begun, execution)
  } finally {
    await dropWrites(ahead)
  }
}

/** For the next command, which closes the run: it knows then how it ended. */
function keepEnd({ local }: Scene, { active }: Begun, { started, ended, outcome, usage }: Execution): void {
  writeActive(local, {
    ...active,
    ended: { started: started.toISOString(), ended: ended.toISOString(), outcome, usage },
  })
}
