import { holderOf } from '../ledger/local/lock.ts'
import type { MlflowServer } from '../mlflow/server.ts'
import { type ActiveRun, writeActive } from './active-runs.ts'
import { type KeptPlan, keepPlan } from './keep-plan.ts'
import { serveMlflow } from './mlflow.ts'
import type { RunOptions } from './options.ts'
import { makePlan, type Plan } from './plan.ts'
import { pathFromTop, type Session } from './session.ts'

/** A run whose command may start. */
export interface StartedRun {
  plan: Plan
  active: ActiveRun
  /** Undefined when the ledger could not be written to. */
  kept: KeptPlan | undefined
  mlflow: MlflowServer | undefined
}

/** Writes the plan to the ledger, and to the clone what is needed to close the run. */
export async function begin(session: Session, options: RunOptions): Promise<StartedRun> {
  const plan = await makePlan(session, options)
  const active = activeRun(session, plan, options)
  writeActive(session.local, active)
  const kept = await keepPlan(session, plan)
  const mlflow = await serveMlflow(session, options, active.runId)
  return { plan, active, kept, mlflow }
}

function activeRun(session: Session, { stored, plain, full, entry }: Plan, { start, metrics }: RunOptions): ActiveRun {
  const { runId, time } = stored.record
  return {
    runId,
    plan: { id: stored.id, time },
    ...(!start && { holder: holderOf(process.pid) }),
    workTree: session.repository.workTree,
    ...(entry.sidecars && { full }),
    outputs: (plain.outputs ?? []).map(({ path }) => path),
    ...(metrics.length > 0 && { metrics: metrics.map((path) => pathFromTop(session, path)) }),
  }
}
