import { constants } from 'node:os'
import type { Context } from '../../context.ts'
import { ProvError } from '../../core/errors.ts'
import { recordPath } from '../../core/layout.ts'
import { parseNote } from '../../core/note.ts'
import { parseRecord, type Run, type StoredRecord } from '../../core/record.ts'
import { type Ending, outcomeOf } from '../../execute/outcome.ts'
import { askIdent } from '../../git/ident.ts'
import { type ActiveRun, listActive, outputsOfOthers, removeActive, writeActive } from '../../ledger/active-runs.ts'
import { foldSpool, startWrites } from '../../ledger/fold.ts'
import { findNote } from '../../ledger/notes.ts'
import { listSpool } from '../../ledger/spool.ts'
import { findNamed } from '../find-record.ts'
import { appendRun } from './append-run.ts'
import { finishRun } from './finish.ts'
import type { RunOptions } from './options.ts'
import type { Before, Plan } from './plan.ts'
import { reportRun } from './report.ts'
import { openScene, type Scene } from './scene.ts'

/** Leaves a run to whoever finishes it, and prints its id. */
export function startQueued({ context, local }: Scene, plan: Plan, active: ActiveRun): number {
  writeActive(local, { ...active, before: plan.before, plain: plan.plain })
  context.stdout.write(`${plan.stored.id}\n`)
  return 0
}

/** `git prov run --finish <run>`: what is known here of how things lay before it is used; its plan suffices. */
export async function finishQueued(context: Context, options: RunOptions): Promise<number> {
  const scene = await openScene(context)
  try {
    const ident = await askIdent(scene.repository)
    if (listSpool(scene.local).length > 0)
      await foldSpool(scene.repository, { ident, objects: scene.objects, deadline: Date.now() + 10_000 })
    const { planned, active } = await findPlan(scene, options.finish as string)
    await refuseTwice(scene, planned)
    const ahead = startWrites(scene.repository)
    const here = active?.workTree === scene.repository.workTree ? active : undefined
    const ended = {
      started: new Date(planned.record.time),
      ended: context.now(),
      outcome: outcomeOf(endingOf(options.status), [], false),
    }
    const others = active ? outputsOfOthers(scene.local, active) : []
    const plain = active?.plain ? { plain: active.plain as Plan['plain'] } : {}
    const { stored, entry } = await finishRun(
      scene,
      { ...planned, ...plain },
      here?.before as Before | undefined,
      others,
      ended,
    )
    if (!(await appendRun(scene, entry, ident, ahead))) return 2
    removeActive(scene.local, planned.record.runId)
    reportRun(scene, options, planned.id, stored)
    return 0
  } finally {
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

async function findPlan(scene: Scene, word: string): Promise<FoundPlan> {
  const planned = await findRun(scene, word)
  if (planned.record.phase !== 'planned') throw alreadyFinished(planned.id)
  return { planned, active: listActive(scene.local).find(({ runId }) => runId === planned.record.runId) }
}

async function findRun(scene: Scene, word: string): Promise<StoredRecord<Run>> {
  const { repository, objects, settings } = scene
  const known = listActive(scene.local).filter(({ runId, plan }) => runId === word || plan?.id.startsWith(word))
  const { plan } = known[0] ?? {}
  if (known.length === 1 && plan && word.length >= 4) {
    const blob = await objects.read(`${settings.branchRef}:${recordPath('run', plan.time, plan.id)}`)
    if (blob) return parseRecord(blob.body, plan.id) as StoredRecord<Run>
  }
  const { stored } = await findNamed(repository, objects, word)
  if (stored.record.kind === 'run') return stored as StoredRecord<Run>
  throw new ProvError('unknown-revision', `'${word}' is a ${stored.record.kind}, not a run`, { hint: 'git prov log' })
}

/** A run closed as lost may still be finished: it was not lost. */
async function refuseTwice({ objects, settings }: Scene, { id, record }: StoredRecord<Run>): Promise<void> {
  if (!record.about) return
  const { text } = await findNote(objects, settings.notesRef, record.about.commit)
  const finished = parseNote(text).lines.some(
    (line) => line.kind === 'run' && line.phase === 'finished' && line.plan === id && line.status !== 'lost',
  )
  if (finished) throw alreadyFinished(id)
}

function alreadyFinished(id: string): ProvError {
  return new ProvError('usage', `run ${id.slice(0, 6)} is finished`, { hint: `git prov show ${id.slice(0, 12)}` })
}
