import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { MetricSet } from '../../core/metric-set.ts'
import type { Leaf } from '../../core/run.ts'
import { holdsFiles } from './artifact-folders.ts'
import type { MlflowRun, ModelVersion } from './entities.ts'
import type { MlflowStore } from './store.ts'

/** What an MLflow client told, for the record of a run. */
export interface MlflowResult extends MetricSet {
  runs: { name: string; status: string; parent?: string }[]
  datasets: MlflowDatasetUse[]
  models: { name: string; status: string; path: string }[]
  registered: Pick<ModelVersion, 'name' | 'version' | 'source'>[]
}

interface MlflowDatasetUse {
  run: string
  name: string
  /** In the client's own short form: no SHA-256. */
  digest: string
  sourceType: string
  source: string
  context?: string
}

/**
 * One MLflow run gives its metrics, parameters and tags under their own names. Where there are several, those of a run
 * that holds all the others (a search over its children) keep their names, and those of every other run begin with its
 * name and a slash. Tags that MLflow itself sets (mlflow.…) stay out, but for the description.
 */
export function mlflowResult(store: MlflowStore, artifactRoot: string): MlflowResult {
  const runs = [...store.tables.runs.values()].filter(({ stage }) => stage === 'active')
  const prefixes = prefixesOf(runs, store)
  const built = store.series.build()
  const result: MlflowResult = {
    metrics: new Map(),
    parameters: new Map(),
    tags: new Map(),
    inputs: [],
    outputs: [],
    notes: [],
    problems: built.problems,
    runs: [],
    datasets: [],
    models: [],
    registered: [...store.tables.versions.values()].map(({ name, version, source }) => ({ name, version, source })),
  }
  for (const [name, series] of built.metrics) {
    const prefix = prefixes.get(name.slice(0, 32))
    if (prefix !== undefined) result.metrics.set(prefix + name.slice(33), series)
  }
  for (const run of runs) addRun(result, run, prefixes.get(run.id) ?? '', store)
  addArtifacts(result, store, artifactRoot)
  return result
}

const parentTag = 'mlflow.parentRunId'

function prefixesOf(runs: readonly MlflowRun[], store: MlflowStore): Map<string, string> {
  const parentOf = ({ id }: MlflowRun) => store.dataOf(id).tags.get(parentTag)
  const roots = runs.filter((run) => !parentOf(run))
  const names = new Map<string, number>()
  return new Map(
    runs.map((run) => {
      if (roots.length === 1 && run === roots[0]) return [run.id, '']
      const count = (names.get(run.name) ?? 0) + 1
      names.set(run.name, count)
      return [run.id, `${run.name}${count > 1 ? `-${count}` : ''}/`]
    }),
  )
}

function addRun(result: MlflowResult, run: MlflowRun, prefix: string, store: MlflowStore): void {
  const { params, tags, datasets } = store.dataOf(run.id)
  const parent = tags.get(parentTag)
  const parentName = parent === undefined ? undefined : store.tables.runs.get(parent)?.name
  result.runs.push({ name: run.name, status: run.status, ...(parentName && { parent: parentName }) })
  const values = result.parameters.get('mlflow') ?? new Map<string, Leaf>()
  for (const [key, value] of params) values.set(prefix + key, plainValue(value))
  if (values.size > 0) result.parameters.set('mlflow', values)
  for (const [key, value] of tags) {
    if (key === 'mlflow.note.content') result.notes.push(value)
    else if (!key.startsWith('mlflow.')) result.tags.set(prefix + key, value)
  }
  for (const dataset of datasets) {
    const path = pathOf(dataset.source)
    // The source of data made by code names the user and the script; the script is known.
    const source = dataset.sourceType === 'code' ? '' : (path ?? dataset.source)
    result.datasets.push({ run: run.name, ...dataset, source })
    result.tags.set(
      `${prefix}dataset.${dataset.name}`,
      `${dataset.digest}${dataset.context ? ` (${dataset.context})` : ''}`,
    )
    if (path && !result.inputs.includes(path)) result.inputs.push(path)
  }
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

/** Folders that hold artifacts are outputs; a model is what lies in its own. */
function addArtifacts(result: MlflowResult, store: MlflowStore, artifactRoot: string): void {
  const { runs, models } = store.tables
  const lying = (entity: { folder: string }) => holdsFiles(join(artifactRoot, entity.folder))
  for (const entity of [...runs.values(), ...models.values()].filter(lying))
    result.outputs.push(join(artifactRoot, entity.folder))
  for (const model of [...models.values()].filter(lying))
    result.models.push({ name: model.name, status: model.status, path: join(artifactRoot, model.folder) })
}
