import type { RunProblem } from '../generated/types.ts'
import type { WorkTreeStatus } from '../git/work-tree/status.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { restrictEntry } from '../recording/privacy/restriction.ts'
import { tellFound } from '../recording/privacy/tell-found.ts'
import { recordMetrics } from '../records/metrics/recorded.ts'
import type { MetricSet } from '../records/metrics/set.ts'
import type { Run, StoredRecord } from '../records/record.ts'
import { lookAtFiles, type NamedPath } from './files.ts'
import { type Ended, finishedRecord, type Planned } from './finished-record.ts'
import { gatherMetrics, type MetricsAsked } from './metrics.ts'
import { findOutputs } from './outputs.ts'
import type { Before } from './plan.ts'
import { cleanNames, valuesOf } from './reported-values.ts'
import type { Scene } from './session.ts'
import type { Traced } from './trace.ts'

/** All that is known when a command has ended. */
export interface Finish {
  planned: Planned
  before: Before | undefined
  /** How the work tree lies since, where it is being asked already. */
  after?: Promise<WorkTreeStatus>
  /** Declared outputs of each run that was at work in the same work tree. */
  others: readonly string[][]
  ended: Ended
  metrics: Omit<MetricsAsked, 'runId'>
  traced?: Traced | undefined
}

/** The finished record of a run whose command has ended, made from its plan and from how things lie now. */
export async function finishRun(
  scene: Scene,
  { planned, before, after, others, ended, metrics: asked, traced }: Finish,
): Promise<{ stored: StoredRecord<Run>; entry: Entry }> {
  const { record } = planned
  const plain = planned.plain ?? record
  // With others at work, a file nobody declared may be theirs.
  const alone = others.length === 0 ? {} : { changed: (plain.outputs ?? []).map(({ path }) => path) }
  const told = await gatherMetrics(scene, { ...asked, ...alone, runId: record.runId })
  const { files, manifests, problems } = await findOutputs(scene, plain, {
    before,
    after,
    others,
    named: [...(traced?.outputs ?? []), ...told.outputs],
  })
  const inputs = await lookAtFiles(
    scene,
    news([...told.inputs, ...(traced?.inputs ?? [])], [...plain.inputs, ...files]),
  )
  const { metrics, series } = recordMetrics(cleanNames(scene, told.set))
  const changed = metrics !== undefined || files.some(({ change }) => change !== undefined && change !== 'unchanged')
  const found = {
    inputs: [...record.inputs, ...inputs.files],
    outputs: files,
    ...(before?.scan && { changed }),
    ...(metrics && { metrics }),
    ...(series && { series: series.digest }),
    ...(traced && { trace: traced.trace }),
    ...valuesOf(record, told.set),
    ...problemsOf(record, [...(ended.problems ?? []), ...told.set.problems.map(toProblem), ...problems]),
  }
  const full = await finishedRecord(scene, planned, ended, found)
  tellFound(scene.context, scene.local, scene.redactor.found)
  const entry = await restrictEntry(scene.restriction, {
    record: full,
    manifests: { ...manifests, ...inputs.manifests },
    ...(series && { series: { [series.digest]: series.text } }),
  })
  return { stored: entry.record as StoredRecord<Run>, entry }
}

/** Those that are neither known nor below what is. */
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
