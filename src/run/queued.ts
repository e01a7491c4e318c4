import { constants } from 'node:os'
import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { type Ending, outcomeOf } from '../execute/outcome.ts'
import { askCommitter } from '../ledger/append/committer.ts'
import { dropWrites, type PrestartedWrites, prestartWrites } from '../ledger/append/fold.ts'
import { needRun } from '../ledger/index/find-run.ts'
import { foldWaiting } from '../recording/fold-waiting.ts'
import { reportKept } from '../recording/report.ts'
import type { Run, StoredRecord } from '../records/record.ts'
import { type ActiveRun, listActive, outputsOfOthers, removeActive, writeActive } from './active-runs.ts'
import { finishRun } from './finish.ts'
import type { RunOptions } from './options.ts'
import type { Before, Plan } from './plan.ts'
import { recordRun } from './record-run.ts'
import { reportRun } from './report.ts'
import { openSession, pathFromTop, type Session } from './session.ts'

/** Prints the id of a run that somebody else executes and then finishes. */
export async function startQueued(session: Session, plan: Plan, active: ActiveRun): Promise<number> {
  const { context, objects, local } = session
  writeActive(local, { ...active, before: plan.before, plain: plan.plain })
  try {
    if (!(await foldWaiting(context, objects, { ident: plan.ident, patience: 10_000 }))) reportKept(context)
  } catch (error) {
    reportKept(context, error)
  }
  context.stdout.write(`${plan.stored.id}\n`)
  return 0
}

/** `git prov run --finish <run>`: uses the state kept by --start if it is in this clone; otherwise the plan alone is enough. */
export async function finishQueued(context: Context, options: RunOptions): Promise<number> {
  const session = await openSession(context)
  let prestarted: PrestartedWrites | undefined
  try {
    const ident = await askCommitter(session.repository)
    await foldWaiting(context, session.objects, { ident, patience: 10_000 })
    const { planned, active } = await findPlan(session, options.finish as string)
    prestarted = prestartWrites(session.repository)
    const here = active?.workTree === session.repository.workTree ? active : undefined
    const started = new Date(planned.record.time)
    const plain = active?.plain ? { plain: active.plain as Plan['plain'] } : {}
    const { stored, entry } = await finishRun(session, {
      planned: { ...planned, ...plain, ...(active?.full && { record: active.full }) },
      before: here?.before as Before | undefined,
      others: active ? outputsOfOthers(session.local, active) : [],
      ended: { started, ended: context.now(), outcome: outcomeOf(endingOf(options.status), [], false) },
      metrics: {
        since: started.getTime(),
        declared: [...(active?.metrics ?? []), ...options.metrics.map((path) => pathFromTop(session, path))],
      },
    })
    if (!(await recordRun(session, entry, ident, prestarted))) return 2
    removeActive(session.local, planned.record.runId)
    reportRun(session, options, planned.id, stored)
    return 0
  } finally {
    if (prestarted) await dropWrites(prestarted)
    session.objects.close()
  }
}

/** An exit status as in a shell's `$?`: above 128 is a signal (POSIX, Shell Command Language 2.8.2). */
function endingOf(status: number): Ending {
  const signal = Object.entries(constants.signals).find(([, number]) => number === status - 128)?.[0]
  return signal ? { signal: signal as NodeJS.Signals } : { exitCode: status }
}

interface FoundPlan {
  planned: StoredRecord<Run>
  active: ActiveRun | undefined
}

/** A run closed as lost can still be finished: it was not lost after all. */
async function findPlan(session: Session, word: string): Promise<FoundPlan> {
  const run = await needRun(session.repository, session.objects, word)
  if (!run.planned || (run.finished && run.finished.record.outcome?.status !== 'lost')) throw alreadyFinished(run.id)
  const { runId } = run.planned.record
  return { planned: run.planned, active: listActive(session.local).find((active) => active.runId === runId) }
}

function alreadyFinished(id: string): ProvError {
  return new ProvError('usage', `run ${id.slice(0, 6)} is finished`, { hint: `git prov show ${id.slice(0, 12)}` })
}
