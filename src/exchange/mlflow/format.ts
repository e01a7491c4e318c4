import type { MetricPoint, MetricSeries } from '../../records/metrics/series.ts'
import { MetricSetBuilder } from '../../records/metrics/set.ts'
import type { ImportedRun, RunFile } from '../imported-run.ts'

/** A run as MLflow stores it, in folders (mlruns/<experiment>/<run>) or tables. Times in ms since the epoch. */
export interface MlflowRun {
  id: string
  name?: string
  experiment?: string
  status: string
  start?: number
  end?: number
  deleted: boolean
  sourceName?: string
  parameters: ReadonlyMap<string, string>
  tags: ReadonlyMap<string, string>
  metrics: ReadonlyMap<string, MetricSeries>
  problems: { path: string; line?: number; reason: string }[]
  inputs: RunFile[]
  /** Where MLflow keeps the run's outputs; the files themselves, if available. */
  artifactUri?: string
  artifacts: RunFile[]
}

// RunStatus of mlflow/protos/service.proto.
const statuses = ['', 'RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']

/** The fields of a run's parsed meta.yaml (mlflow/store/tracking/file_store.py); undefined when it is not a run's. */
export function readMeta(value: unknown) {
  if (typeof value !== 'object' || value === null) return undefined
  const meta = value as Record<string, unknown>
  // run_uuid alone before MLflow 1.0.
  const id = [meta.run_id, meta.run_uuid].find(
    (text) => typeof text === 'string' && /^[\w-]{1,64}$/.test(text),
  ) as string
  if (!id || meta.status === undefined) return undefined
  const text = (key: string) => (typeof meta[key] === 'string' && meta[key] ? (meta[key] as string) : undefined)
  return {
    id,
    status: typeof meta.status === 'number' ? (statuses[meta.status] ?? '') : String(meta.status),
    deleted: meta.lifecycle_stage === 'deleted',
    ...optional('name', text('run_name') ?? text('name')),
    ...optional('sourceName', text('source_name')),
    ...optional('artifactUri', text('artifact_uri')),
    ...optional('start', moment(meta.start_time)),
    ...optional('end', moment(meta.end_time)),
  }
}

const optional = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V }

const moment = (value: unknown) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 && value < 8.64e15 ? value : undefined

/** The files of a metrics folder: lines of `<ms> <value> <step>`; no step before MLflow 1.0. Names keep their `/`. */
export function readMetricFiles(files: ReadonlyMap<string, string>): Pick<MlflowRun, 'metrics' | 'problems'> {
  const set = new MetricSetBuilder()
  for (const [name, text] of files) {
    for (const [index, line] of text.split('\n').entries()) {
      if (line.trim() === '') continue
      const point = parseMetricLine(line)
      if (point) set.metric(name, 'mlflow', point)
      else set.problem(`metrics/${name}`, 'is not "<time> <value> <step>"', index + 1)
    }
  }
  const { metrics, problems } = set.build()
  return { metrics, problems }
}

const named: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
}

function parseMetricLine(line: string): MetricPoint | undefined {
  const [time = '', figure = '', step] = line.trim().split(/\s+/)
  const value = named[figure.toLowerCase().replace('infinity', 'inf')] ?? (figure === '' ? Number.NaN : Number(figure))
  const known = figure.toLowerCase() === 'nan' || !Number.isNaN(value)
  if (!known || !/^\d+$/.test(time) || (step !== undefined && !/^-?\d+$/.test(step))) return undefined
  return { value, time: Number(time), ...(step !== undefined && { step: Number(step) }) }
}

const outcomes: Record<string, NonNullable<ImportedRun['outcome']>> = {
  RUNNING: { status: 'lost', reason: 'MLflow was never told that it ended' },
  SCHEDULED: { status: 'not-started' },
  FINISHED: { status: 'ok' },
  FAILED: { status: 'failed' },
  KILLED: { status: 'killed' },
}

// Tags that have a field of their own in a run, name a person, or repeat what the files say.
const ownPlace = new Set([
  'mlflow.user',
  'mlflow.runName',
  'mlflow.note.content',
  'mlflow.source.name',
  'mlflow.source.git.commit',
  'mlflow.log-model.history',
])

type Origin = Pick<ImportedRun, 'source' | 'agent' | 'about' | 'notes' | 'time'>

/** `origin`: where the run was found; its time is used when MLflow has none. */
export function toImportedRun(run: MlflowRun, origin: Origin): ImportedRun {
  const { tags, start, end } = run
  const program = tags.get('mlflow.source.name') || run.sourceName
  const notes = [
    ...origin.notes,
    program ? 'the arguments of the command are not recorded' : 'the command is not recorded',
  ]
  if (run.artifacts.length === 0 && run.artifactUri) notes.push(`what it made is at ${run.artifactUri}`)
  const kept = [...tags].filter(([key]) => !ownPlace.has(key))
  const intent = tags.get('mlflow.note.content')
  const name = run.name ?? tags.get('mlflow.runName')
  return {
    from: 'mlflow',
    key: run.id,
    ...origin,
    notes,
    time: new Date(end ?? start ?? origin.time),
    command: [program || '(not recorded)'],
    workingFolder: '.',
    ...(name && { name }),
    ...(intent && { intent }),
    tags: Object.fromEntries([...kept, ...(run.experiment ? [['mlflow.experiment', run.experiment]] : [])]),
    inputs: run.inputs,
    outputs: run.artifacts,
    parameters: run.parameters.size > 0 ? { mlflow: { values: toValues(run.parameters) } } : {},
    metrics: run.metrics,
    problems: run.problems.map(({ path, line, reason }) => ({ where: line ? `${path}:${line}` : path, reason })),
    ...(start !== undefined && { started: new Date(start) }),
    ...(end !== undefined && { ended: new Date(end) }),
    outcome: outcomes[run.status] ?? { status: 'lost', reason: `MLflow says ${run.status || 'nothing'}` },
  }
}

/** MLflow stores every parameter as text; one that is exactly a number's text becomes that number again. */
function toValues(parameters: ReadonlyMap<string, string>): Record<string, string | number> {
  const value = (text: string) =>
    text !== '' && Number.isFinite(Number(text)) && String(Number(text)) === text ? Number(text) : text
  return Object.fromEntries([...parameters].map(([key, text]) => [key, value(text)]))
}
