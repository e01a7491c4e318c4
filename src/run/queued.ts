import { constants } from 'node:os'
import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { type Ending, outcomeOf } from '../execute/outcome.ts'
import { askCommitter } from '../ledger/append/committer.ts'
import { dropWrites, startWrites, type WritesAhead } from '../ledger/append/fold.ts'
import { needRun } from '../ledger/index/find-run.ts'
import { foldWaiting } from '../recording/fold-waiting.ts'
import { tellKept } from '../recording/tell.ts'
import type { Run, StoredRecord } from '../records/record.ts'
import { type ActiveRun, listActive, outputsOfOthers, removeActive, writeActive } from './active-runs.ts'
import { finishRun } from './finish.ts'
import type { RunOptions } from './options.ts'
import type { Before, Plan } from './plan.ts'
import { recordRun } from './record-run.ts'
import { reportRun } from './report.ts'
import { openScene, pathFromTop, type Scene } from './session.ts'

/** Leaves a run to whoever finishes it, and prints its id. */
export async function startQueued(scene: Scene, plan: Plan, active: ActiveRun): Promise<number> {
  const { context, objects, local } = scene
  writeActive(local, { ...active, before: plan.before, plain: plan.plain })
  try {
    if (!(await foldWaiting(context, objects, { ident: plan.ident, patience: 10_000 }))) tellKept(context)
  } catch (error) {
    tellKept(context, error)
  }
  context.stdout.write(`${plan.stored.id}\n`)
  return 0
}

/** `git prov run --finish <run>`: what is known here of how things lay before it is used; its plan suffices. */
export async function finishQueued(context: Context, options: RunOptions): Promise<number> {
  const scene = await openScene(context)
  let ahead: WritesAhead | undefined
  try {
    const ident = await askCommitter(scene.repository)
    await foldWaiting(context, scene.objects, { ident, patience: 10_000 })
    const { planned, active } = await findPlan(scene, options.finish as string)
    ahead = startWrites(scene.repository)
    const here = active?.workTree === scene.repository.workTree ? active : undefined
    const started = new Date(planned.record.time)
    const plain = active?.plain ? { plain: active.plain as Plan['plain'] } : {}
    const { stored, entry } = await finishRun(scene, {
      planned: { ...planned, ...plain, ...(active?.full && { record: active.full }) },
      before: here?.before as Before | undefined,
      others: active ? outputsOfOthers(scene.local, active) : [],
      ended: { started, ended: context.now(), outcome: outcomeOf(endingOf(options.status), [], false) },
      metrics: {
        since: started.getTime(),
        declared: [...(active?.metrics ?? []), ...options.metrics.map((path) => pathFromTop(scene, path))],
      },
    })
    if (!(await recordRun(scene, entry, ident, ahead))) return 2
    removeActive(scene.local, planned.record.runId)
    reportRun(scene, options, planned.id, stored)
    return 0
  } finally {
    if (ahead) await dropWrites(ahead)
    scene.objects.close()
  }
}

/** A shell's `$?`: above 128 a signal (POSIX, Shell Command Language 2.8.2). */
function endingOf(status: number): Ending {
  const signal = Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0]
  return signal ? { signal: signal as NodeJS.Signals } : { exitCode: status }
}

interface FoundPlan {
  planned: StoredRecord<Run>
  active: ActiveRun | undefined
}

/** A run closed as lost may still be finished: it was not lost. */
async function findPlan(scene: Scene, word: string): Promise<FoundPlan> {
  const run = await needRun(scene.repository, scene.objects, word)
  if (!run.planned || (run.finished && run.finished.record.outcome?.status !== 'lost')) throw alreadyFinished(run.id)
  const { runId } = run.planned.record
  return { planned: run.planned, active: listActive(scene.local).find((active) => active.runId === runId) }
}

function alreadyFinished(id: string): ProvError {
  return new ProvError('usage', `run ${id.slice(0, 6)} is finished`, { hint: `git prov show ${id.slice(0, 12)}` })
}
