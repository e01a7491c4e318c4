import type { Missing } from '../base/missing.ts'
import type { Execution } from '../execute/execute.ts'
import type { FileTrace } from '../execute/file-trace.ts'
import { readChanges } from '../git/work-tree/status.ts'
import { dropWrites, prestartWrites } from '../ledger/append/fold.ts'
import { outputsOfOthers, removeActive, reportOthers, writeActive } from './active-runs.ts'
import type { StartedRun } from './begin.ts'
import { complain } from './complain.ts'
import { finishRun } from './finish.ts'
import { loggedToMlflow } from './mlflow.ts'
import type { RunOptions } from './options.ts'
import { recordRun } from './record-run.ts'
import { reportRun } from './report.ts'
import type { Session } from './session.ts'
import { endTrace } from './trace.ts'

/** Records how a run ended. Never rejects: whatever goes wrong here, the command has run and its exit status stands. */
export async function end(
  session: Session,
  options: RunOptions,
  started: StartedRun & { trace: FileTrace | Missing | undefined },
  execution: Execution,
): Promise<void> {
  const { plan, active, kept } = started
  const after = plan.before.scan && readChanges(session.repository)
  const prestarted = prestartWrites(session.repository)
  try {
    const { stored: first, full, plain } = plan
    const planned = { id: kept ? first.id : undefined, record: full, plain }
    const mlflow = await loggedToMlflow(started.mlflow)
    const traced = started.trace && (await endTrace(session, started.trace))
    const { stored, entry } = await finishRun(session, {
      planned,
      before: plan.before,
      ...(after && { after }),
      others: outputsOfOthers(session.local, active),
      ended: execution,
      metrics: { since: execution.started.getTime(), declared: active.metrics ?? [], mlflow },
      traced,
    })
    await kept?.settle()
    if (!(await recordRun(session, entry, plan.ident, prestarted))) return keepEnd(session, started, execution)
    reportOthers(session.local, active)
    removeActive(session.local, active.runId)
    reportRun(session, options, planned.id ?? stored.id, stored)
  } catch (error) {
    complain(session, error)
    keepEnd(session, started, execution)
  } finally {
    await dropWrites(prestarted)
  }
}

/** Keeps how the run ended, for the next command, which closes it. */
function keepEnd({ local }: Session, { active }: StartedRun, { started, ended, outcome, usage }: Execution): void {
  writeActive(local, {
    ...active,
    ended: { started: started.toISOString(), ended: ended.toISOString(), outcome, usage },
  })
}
