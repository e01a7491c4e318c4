import { existsSync } from 'node:fs'
import { plural } from '../base/quantity.ts'
import type { Context } from '../context.ts'
import type { RunOutcome } from '../generated/types.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { committerIdent } from '../ledger/append/committer.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { type LocalDir, localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { collectingRedactor } from '../privacy/redact-values.ts'
import { appendEntries } from '../recording/append-entries.ts'
import { foldWaiting } from '../recording/fold-waiting.ts'
import { privacyOf } from '../recording/privacy/privacy.ts'
import { restrictEntry } from '../recording/privacy/restriction.ts'
import { recordPath } from '../records/layout.ts'
import { recordMetrics } from '../records/metrics/recorded.ts'
import { parseRecord, type Run } from '../records/record.ts'
import { type ActiveRun, abandonedRuns, removeActive, runFile, withRun } from './active-runs.ts'
import { type Ended, finishedRecord } from './finish/finished-record.ts'
import { cleanNames, valuesOf } from './finish/reported-values.ts'

/** Closes runs whose `git prov run` was killed: they are recorded as lost, since how their commands ended is unknown. */
export async function closeAbandoned(context: Context, objects: ObjectReader): Promise<void> {
  const repository = context.repository()
  const local = localDir(repository)
  const ident = committerIdent(repository)
  await foldWaiting(context, objects, { ident, patience: 5000 })
  let closed = 0
  for (const active of abandonedRuns(local)) {
    await withRun(local, active, async () => {
      const record = await readPlan(context, objects, active)
      if (record) {
        const entry = await entryOf(context, local, active, record)
        await appendEntries(context, [entry], { ident, objects, deadline: Date.now() + 5000 })
        closed += 1
      }
      removeActive(local, active.runId)
    })
  }
  if (closed > 0) context.stderr.write(`prov: ${plural(closed, 'run')} closed whose git prov run no longer exists\n`)
}

/** A plan that never reached the ledger leaves nothing to close. */
async function readPlan(context: Context, objects: ObjectReader, { plan }: ActiveRun): Promise<Run | undefined> {
  if (!plan) return undefined
  const { branchRef } = readSettings(context.repository())
  const blob = await objects.read(`${branchRef}:${recordPath('run', plan.time, plan.id)}`)
  const stored = blob && parseRecord(blob.body, plan.id)
  return stored?.record.kind === 'run' ? stored.record : undefined
}

/** What the run reported before it was killed is still there; files in the work tree may be another run's by now. */
async function entryOf(context: Context, local: LocalDir, active: ActiveRun, record: Run): Promise<Entry> {
  const privacy = await privacyOf(context)
  const redactor = collectingRedactor(privacy.redactor)
  const reported = await readReported(local, active)
  const { metrics, series } = recordMetrics(reported ? cleanNames({ redactor }, reported) : new Map())
  const found = {
    ...(metrics && { metrics }),
    ...(series && { series: series.digest }),
    ...(reported && valuesOf(active.full ?? record, reported)),
  }
  const stored = await finishedRecord(
    { context, redactor },
    { id: active.plan?.id, record: active.full ?? record },
    endOf(active, context.now()),
    found,
  )
  const entry = { record: stored, ...(series && { series: { [series.digest]: series.text } }) }
  return await restrictEntry(privacy.restriction, entry)
}

async function readReported(local: LocalDir, { runId, workTree }: ActiveRun) {
  const [eventsFile, journal] = [runFile(local, runId, 'events.jsonl'), runFile(local, runId, 'mlflow.jsonl')]
  const [hasEvents, hasJournal] = [existsSync(eventsFile), existsSync(journal)]
  if (!hasEvents && !hasJournal) return undefined
  const { collectMetrics } = await import('../collect/metrics.ts')
  const { mergeMetricSets } = await import('../records/metrics/set.ts')
  const sets = [await collectMetrics({ root: workTree, declared: [], since: 0, changed: [], eventsFile })]
  if (!hasJournal) return mergeMetricSets(sets)
  const { readJournal } = await import('../mlflow/journal.ts')
  const { mlflowResult } = await import('../mlflow/result.ts')
  return mergeMetricSets([...sets, mlflowResult(readJournal(journal), workTree)])
}

function endOf({ child, ended }: ActiveRun, now: Date): Ended {
  if (ended?.outcome && ended.ended) {
    const started = ended.started === undefined ? {} : { started: new Date(ended.started) }
    const problems = [{ where: 'outputs', reason: 'recorded late: what it made was not looked at' }]
    return { ...started, ended: new Date(ended.ended), outcome: ended.outcome, usage: ended.usage ?? {}, problems }
  }
  const how = child ? 'before the command ended' : 'and whether the command had started is not known'
  const outcome: RunOutcome = { status: 'lost', reason: `git prov run was gone ${how}` }
  return { ended: now, outcome }
}
