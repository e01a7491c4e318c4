import type { RunProblem } from '../generated/types.ts'
import type { WorkTreeStatus } from '../git/work-tree/status.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { reportFound } from '../recording/privacy/report-found.ts'
import { restrictEntry } from '../recording/privacy/restriction.ts'
import { recordMetrics } from '../records/metrics/recorded.ts'
import type { MetricSet } from '../records/metrics/set.ts'
import type { Run, StoredRecord } from '../records/record.ts'
import { lookAtFiles, type NamedPath } from './files.ts'
import { type Ended, finishedRecord, type Planned } from './finish/finished-record.ts'
import { gatherMetrics, type MetricsAsked } from './finish/metrics.ts'
import { findOutputs } from './finish/outputs.ts'
import { cleanNames, valuesOf } from './finish/reported-values.ts'
import type { Before } from './plan.ts'
import type { Session } from './session.ts'
import type { Traced } from './trace.ts'

/** Everything known when a command has ended. */
export interface Finish {
  planned: Planned
  before: Before | undefined
  /** The work tree's status now, when it was already requested. */
  after?: Promise<WorkTreeStatus>
  /** Declared outputs of each run that overlapped in the same work tree. */
  others: readonly string[][]
  ended: Ended
  metrics: Omit<MetricsAsked, 'runId'>
  traced?: Traced | undefined
}

/** The finished record of a run whose command has ended, made from its plan and the current state. */
export async function finishRun(
  session: Session,
  { planned, before, after, others, ended, metrics: asked, traced }: Finish,
): Promise<{ stored: StoredRecord<Run>; entry: Entry }> {
  const { record } = planned
  const plain = planned.plain ?? record
  // When runs overlap, an undeclared file may belong to another.
  const alone = others.length === 0 ? {} : { changed: (plain.outputs ?? []).map(({ path }) => path) }
  const reported = await gatherMetrics(session, { ...asked, ...alone, runId: record.runId })
  const { files, manifests, problems } = await findOutputs(session, plain, {
    before,
    after,
    others,
    named: [...(traced?.outputs ?? []), ...reported.outputs],
  })
  const inputs = await lookAtFiles(
    session,
    news([...reported.inputs, ...(traced?.inputs ?? [])], [...plain.inputs, ...files]),
  )
  const { metrics, series } = recordMetrics(cleanNames(session, reported.set))
  const changed = metrics !== undefined || files.some(({ change }) => change !== undefined && change !== 'unchanged')
  const found = {
    inputs: [...record.inputs, ...inputs.files],
    outputs: files,
    ...(before?.scan && { changed }),
    ...(metrics && { metrics }),
    ...(series && { series: series.digest }),
    ...(traced && { trace: traced.trace }),
    ...valuesOf(record, reported.set),
    ...problemsOf(record, [...(ended.problems ?? []), ...reported.set.problems.map(toProblem), ...problems]),
  }
  const full = await finishedRecord(session, planned, ended, found)
  reportFound(session.context, session.local, session.redactor.found)
  const entry = await restrictEntry(session.restriction, {
    record: full,
    manifests: { ...manifests, ...inputs.manifests },
    ...(series && { series: { [series.digest]: series.text } }),
  })
  return { stored: entry.record as StoredRecord<Run>, entry }
}

/** Paths that are neither known nor below a known folder. */
const news = (named: readonly NamedPath[], known: readonly { path: string }[]) =>
  named.filter(({ path }) => !known.some((file) => path === file.path || path.startsWith(`${file.path}/`)))

function problemsOf(record: Run, problems: readonly RunProblem[]): Partial<Run> {
  const all = [...(record.problems ?? []), ...problems]
  return all.length > 0 ? { problems: all } : {}
}

const toProblem = ({ path, line, reason }: MetricSet['problems'][number]): RunProblem => ({
  where: (line === undefined ? path : `${path}:${line}`) || 'metrics',
  reason,
})
