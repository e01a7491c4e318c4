import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MetricSeries } from '../records/metrics/series.ts'
import { type MetricSet, MetricSetBuilder } from '../records/metrics/set.ts'
import type { Leaf } from '../records/run.ts'
import { holdsFiles } from './artifact-folders.ts'
import type { MlflowDataset, MlflowRun, ModelVersion } from './entities.ts'
import type { MlflowStore } from './store.ts'

/** What an MLflow client told, for the record of a run. */
export interface MlflowResult extends MetricSet {
  runs: { name: string; status: string; parent?: string }[]
  /** Digests are in the client's own short form: no SHA-256. */
  datasets: ({ run: string } & MlflowDataset)[]
  models: { name: string; status: string; path: string }[]
  registered: Pick<ModelVersion, 'name' | 'version' | 'source'>[]
}

/**
 * One MLflow run gives its metrics, parameters and tags under their own names. Where there are several, those of a run
 * that holds all the others (a search over its children) keep their names, and those of every other run begin with its
 * name and a slash. Tags that MLflow itself sets (mlflow.…) stay out, but for the description.
 */
export function mlflowResult(store: MlflowStore, artifactRoot: string): MlflowResult {
  const runs = [...store.tables.runs.values()].filter(({ stage }) => stage === 'active')
  const prefixes = prefixesOf(runs, store)
  const reported = new MetricSetBuilder()
  for (const run of runs) addRun(reported, run, prefixes.get(run.id) ?? '', store)
  const models = lyingModels(store, artifactRoot)
  for (const { path } of [...lyingRuns(store, artifactRoot), ...models]) reported.path('outputs', path)
  const series = store.series.build()
  const set = reported.build()
  return {
    ...set,
    metrics: renamed(series.metrics, prefixes),
    problems: [...series.problems, ...set.problems],
    runs: runs.map((run) => describeRun(run, store)),
    datasets: runs.flatMap((run) =>
      store.dataOf(run.id).datasets.map((dataset) => ({ run: run.name, ...plain(dataset) })),
    ),
    models,
    registered: [...store.tables.versions.values()].map(({ name, version, source }) => ({ name, version, source })),
  }
}

const parentTag = 'mlflow.parentRunId'

/** Run id to what its names begin with. */
function prefixesOf(runs: readonly MlflowRun[], store: MlflowStore): Map<string, string> {
  const roots = runs.filter(({ id }) => !store.dataOf(id).tags.get(parentTag))
  const taken = new Set<string>()
  return new Map(
    runs.map((run) => {
      if (roots.length === 1 && run === roots[0]) return [run.id, '']
      let prefix = `${run.name}/`
      for (let n = 2; taken.has(prefix); n++) prefix = `${run.name}-${n}/`
      taken.add(prefix)
      return [run.id, prefix]
    }),
  )
}

/** In the store a series is named `<run id>/<key>`. */
function renamed(metrics: MetricSet['metrics'], prefixes: ReadonlyMap<string, string>): MetricSet['metrics'] {
  const named = new Map<string, MetricSeries>()
  for (const [name, series] of metrics) {
    const end = name.indexOf('/')
    const prefix = prefixes.get(name.slice(0, end))
    if (prefix !== undefined) named.set(prefix + name.slice(end + 1), series)
  }
  return named
}

function describeRun({ id, name, status }: MlflowRun, store: MlflowStore): MlflowResult['runs'][number] {
  const parent = store.tables.runs.get(store.dataOf(id).tags.get(parentTag) ?? '')
  return { name, status, ...(parent && { parent: parent.name }) }
}

function addRun(into: MetricSetBuilder, run: MlflowRun, prefix: string, store: MlflowStore): void {
  const { params, tags, datasets } = store.dataOf(run.id)
  for (const [key, value] of params) into.parameter('mlflow', prefix + key, plainValue(value))
  for (const [key, value] of tags) {
    if (key === 'mlflow.note.content') into.note(value)
    else if (!key.startsWith('mlflow.')) into.tag(prefix + key, value, 'mlflow')
  }
  for (const { name, digest, context, source } of datasets) {
    into.tag(`${prefix}dataset.${name}`, context ? `${digest} (${context})` : digest, 'mlflow')
    const path = pathOf(source)
    if (path) into.path('inputs', path)
  }
}

/** The source of data made by code names the user and the script; the script is known. */
function plain(dataset: MlflowDataset): MlflowDataset {
  return { ...dataset, source: dataset.sourceType === 'code' ? '' : (pathOf(dataset.source) ?? dataset.source) }
}

const decimal = /^-?(0|[1-9]\d{0,14})(\.\d{1,17})?(e[-+]?\d{1,3})?$/i
const words = new Map<string, boolean | null>([
  ['True', true],
  ['False', false],
  ['true', true],
  ['false', false],
  ['None', null],
])

/** MLflow's clients send every parameter as a text, mostly Python's. */
function plainValue(text: string): Leaf {
  if (decimal.test(text)) return Number(text)
  return words.has(text) ? (words.get(text) as Leaf) : text
}

/** The file or address a dataset was read from, where its source says so. */
function pathOf(source: string): string | undefined {
  try {
    const { uri, url } = JSON.parse(source) as { uri?: unknown; url?: unknown }
    const path = uri ?? url
    if (typeof path !== 'string' || path === '') return undefined
    return path.startsWith('file:') ? fileURLToPath(path) : path
  } catch {
    return undefined
  }
}

/** Runs and models into whose folders something was put. */
const lyingRuns = ({ tables }: MlflowStore, root: string) =>
  [...tables.runs.values()].map(({ folder }) => ({ path: join(root, folder) })).filter(({ path }) => holdsFiles(path))

const lyingModels = ({ tables }: MlflowStore, root: string) =>
  [...tables.models.values()]
    .map(({ name, status, folder }) => ({ name, status, path: join(root, folder) }))
    .filter(({ path }) => holdsFiles(path))
