import { type Figure, fromFigure } from '../base/figure.ts'
import { isMissing } from '../base/missing.ts'
import type { ProvRecord, Remark, Replay, Run, StoredRecord } from './record.ts'

/** The current state of a run, from its records. */
export interface RunView {
  /** The id people use: that of its first record. */
  id: string
  planned?: StoredRecord<Run>
  finished?: StoredRecord<Run>
  /** The record that counts: the finished one, else the planned. */
  record: Run
  replays: StoredRecord<Replay>[]
  remarks: StoredRecord<Remark>[]
}

/**
 * Folds the records of runs, replays and remarks into runs, oldest first. A run closed as lost that
 * finished after all counts as finished.
 */
export function foldRuns(records: Iterable<StoredRecord>): RunView[] {
  const all = [...records]
  const views = new Map<string, RunView>()
  for (const stored of all) if (isRun(stored)) addRun(views, stored)
  const byRecord = new Map<string, RunView>()
  for (const stored of all) if (isRun(stored)) byRecord.set(stored.id, views.get(stored.record.runId) as RunView)
  for (const stored of all) if (!isRun(stored)) addRemark(byRecord, stored)
  return [...views.values()].sort((a, b) => compare(startOf(a.record), startOf(b.record)) || compare(a.id, b.id))
}

const isRun = (stored: StoredRecord): stored is StoredRecord<Run> => stored.record.kind === 'run'
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** When the run began: what people sort by. */
export function startOf(record: Run): string {
  return record.started ?? record.time
}

function addRun(views: Map<string, RunView>, stored: StoredRecord<Run>): void {
  const { record, id } = stored
  const view = views.get(record.runId) ?? { id, record, replays: [], remarks: [] }
  views.set(record.runId, view)
  if (record.phase === 'planned') view.planned = stored
  else if (!view.finished || outranks(record, view.finished.record)) view.finished = stored
  view.id = (view.planned ?? view.finished)?.id ?? id
  view.record = (view.finished ?? view.planned)?.record ?? record
}

function outranks(a: Run, b: Run): boolean {
  const lost = (record: Run) => record.outcome?.status === 'lost'
  return lost(a) === lost(b) ? a.time > b.time : lost(b)
}

function addRemark(runs: Map<string, RunView>, stored: StoredRecord<ProvRecord>): void {
  for (const { rel, to } of stored.record.links) {
    const view = runs.get(to.slice('record:'.length))
    if (!view) continue
    if (stored.record.kind === 'replay' && rel === 'replays') view.replays.push(stored as StoredRecord<Replay>)
    if (stored.record.kind === 'remark' && rel === 'annotates') view.remarks.push(stored as StoredRecord<Remark>)
  }
}

export type Leaf = string | number | boolean | null

// Sources that are not files; later ones take precedence.
const sources = ['tensorboard', 'dvclive', 'events', 'mlflow', 'command', 'option']

/** Every parameter by name; if two sources have it, the one the schema ranks higher. */
export function flatParameters(record: Run): Map<string, Leaf> {
  const rank = ([source]: [string, unknown]) => sources.indexOf(source)
  const ordered = Object.entries(record.parameters).sort((a, b) => rank(a) - rank(b))
  return new Map(ordered.flatMap(([, found]) => (isMissing(found) ? [] : Object.entries(found.values))))
}

/** At most `most` metrics that sum up a run: those named in expectations, then the others by name. */
export function headlineMetrics(record: Run, most = 3): string[] {
  // Sorted, since the note must be the same before and after the record is stored.
  const names = Object.keys(record.metrics ?? {}).sort()
  const expected = (record.expectations ?? []).flatMap(({ expression }) =>
    names.filter((name) => expression.includes(`metrics.${name}`)),
  )
  return [...new Set([...expected, ...names])].slice(0, most)
}

/** The difference of a metric from the baseline; undefined when either is unknown. */
export function baselineDelta(record: Run, name: string): number | undefined {
  const value: Figure | undefined = record.metrics?.[name]?.value
  const base = record.baseline?.metrics?.[name]
  return value === undefined || base === undefined ? undefined : fromFigure(value) - fromFigure(base)
}

/** One answer for all expectations: not-met if any is not met, else unknown if any is unknown. */
export function answerOf(record: Run): 'met' | 'not-met' | 'unknown' | undefined {
  const answers = (record.expectations ?? []).map(({ answer }) => answer)
  if (record.phase !== 'finished' || answers.length === 0) return undefined
  if (answers.includes('not-met')) return 'not-met'
  return answers.every((answer) => answer === 'met') ? 'met' : 'unknown'
}

/**
 * Whether an input counts as used. Datasets declared in prov.yaml are inputs of every run: when an option, a trace, the
 * script or the tool a run was imported from says what was used, those datasets were only present.
 */
export function usedInputs({ inputs }: Run): (file: Run['inputs'][number]) => boolean {
  const told = inputs.some(({ declared }) => declared !== 'config')
  return ({ declared }) => !told || declared !== 'config'
}
