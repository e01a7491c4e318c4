import { type ActiveRun, writeActive } from '../../ledger/active-runs.ts'
import { dropWrites, startWrites } from '../../ledger/fold.ts'
import { holderOf } from '../../ledger/lock.ts'
import type { MlflowServer } from '../../serve/mlflow/server.ts'
import { appendRun } from './append-run.ts'
import { serveMlflow } from './mlflow.ts'
import type { RunOptions } from './options.ts'
import { makePlan, type Plan } from './plan.ts'
import { pathFromTop, type Scene } from './scene.ts'

/** A run whose command may start. */
export interface Begun {
  plan: Plan
  active: ActiveRun
  /** Whether the plan is in the ledger. */
  recorded: boolean
  mlflow: MlflowServer | undefined
}

/** Writes the plan to the ledger, and what it takes to close the run to the clone. */
export async function begin(scene: Scene, options: RunOptions): Promise<Begun> {
  const ahead = startWrites(scene.repository)
  try {
    const plan = await makePlan(scene, options)
    const active = activeRun(scene, plan, options)
    writeActive(scene.local, active)
    const [recorded, mlflow] = await Promise.all([
      appendRun(scene, plan.entry, plan.ident, ahead),
      serveMlflow(scene, options, active.runId),
    ])
    return { plan, active, recorded, mlflow }
  } finally {
    await dropWrites(ahead)
  }
}

function activeRun(scene: Scene, { stored, plain }: Plan, { start, metrics }: RunOptions): ActiveRun {
  const { runId, time } = stored.record
  return {
    runId,
    plan: { id: stored.id, time },
    ...(!start && { holder: holderOf(process.pid) }),
    workTree: scene.repository.workTree,
    outputs: (plain.outputs ?? []).map(({ path }) => path),
    ...(metrics.length > 0 && { metrics: metrics.map((path) => pathFromTop(scene, path)) }),
  }
}
