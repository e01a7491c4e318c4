import { holderOf } from '../ledger/local/lock.ts'
import type { MlflowServer } from '../mlflow/server.ts'
import { type ActiveRun, writeActive } from './active-runs.ts'
import { type KeptPlan, keepPlan } from './keep-plan.ts'
import { serveMlflow } from './mlflow.ts'
import type { RunOptions } from './options.ts'
import { makePlan, type Plan } from './plan.ts'
import { pathFromTop, type Scene } from './session.ts'

/** A run whose command may start. */
export interface Begun {
  plan: Plan
  active: ActiveRun
  /** Undefined when the ledger could not be written to. */
  kept: KeptPlan | undefined
  mlflow: MlflowServer | undefined
}

/** Writes the plan to the ledger, and what it takes to close the run to the clone. */
export async function begin(scene: Scene, options: RunOptions): Promise<Begun> {
  const plan = await makePlan(scene, options)
  const active = activeRun(scene, plan, options)
  writeActive(scene.local, active)
  const kept = await keepPlan(scene, plan)
  const mlflow = await serveMlflow(scene, options, active.runId)
  return { plan, active, kept, mlflow }
}

function activeRun(scene: Scene, { stored, plain, full, entry }: Plan, { start, metrics }: RunOptions): ActiveRun {
  const { runId, time } = stored.record
  return {
    runId,
    plan: { id: stored.id, time },
    ...(!start && { holder: holderOf(process.pid) }),
    workTree: scene.repository.workTree,
    ...(entry.companions && { full }),
    outputs: (plain.outputs ?? []).map(({ path }) => path),
    ...(metrics.length > 0 && { metrics: metrics.map((path) => pathFromTop(scene, path)) }),
  }
}
