import type { MlflowRun } from './entities.ts'
import { MlflowError } from './error.ts'
import { experimentOf } from './experiments.ts'
import { type Fields, keyOf, listOf, optionalInteger, optionalText, pairsOf, textOf, textsOf } from './fields.ts'
import { page, pickStage } from './page.ts'
import type { Endpoint, Routes } from './route.ts'
import { selectRuns } from './search-terms.ts'
import { newId } from './store.ts'

const statuses = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED']

/** Runs: creating, updating and deleting them, their tags, inputs and outputs. */
export const runs: Routes = {
  'POST runs/create': (fields, endpoint) => {
    const experiment = experimentOf({ experiment_id: '0', ...fields }, endpoint)
    const { store } = endpoint
    const tags = new Map(pairsOf(fields, 'tags'))
    const name =
      optionalText(fields, 'run_name', 500) || tags.get('mlflow.runName') || `run-${store.tables.runs.size + 1}`
    const id = newId()
    const start = optionalInteger(fields, 'start_time') ?? endpoint.now()
    const folder = endpoint.folders.reserve('runs', name)
    store.put('runs', id, { id, name, experiment: experiment.id, status: 'RUNNING', stage: 'active', folder, start })
    for (const [key, value] of tags.set('mlflow.runName', name)) store.apply({ op: 'tag', run: id, key, value })
    return { run: toJson(store.get('runs', id, 'Run'), endpoint) }
  },
  'GET runs/get': (fields, endpoint) => ({ run: toJson(runOf(fields, endpoint), endpoint) }),
  'POST runs/update': (fields, endpoint) => {
    const run = runOf(fields, endpoint)
    const status = optionalText(fields, 'status')
    if (status !== undefined && !statuses.includes(status))
      throw new MlflowError('INVALID_PARAMETER_VALUE', `status must be one of ${statuses.join(', ')}`)
    const end = optionalInteger(fields, 'end_time')
    const name = optionalText(fields, 'run_name', 500)
    const changed = { ...run, ...(status && { status }), ...(end !== undefined && { end }), ...(name && { name }) }
    endpoint.store.put('runs', run.id, changed)
    if (name) endpoint.store.apply({ op: 'tag', run: run.id, key: 'mlflow.runName', value: name })
    return { run_info: infoOf(changed, endpoint) }
  },
  'POST runs/delete': (fields, endpoint) => setStage(fields, endpoint, 'deleted'),
  'POST runs/restore': (fields, endpoint) => setStage(fields, endpoint, 'active'),
  'POST runs/search': (fields, endpoint) => {
    const { tables } = endpoint.store
    const wanted = new Set(textsOf(fields, 'experiment_ids'))
    const candidates = [...tables.runs.values()].filter(({ experiment }) => wanted.has(experiment))
    const found = selectRuns(candidates.filter(pickStage(fields, 'run_view_type')), fields, endpoint.store)
    const { items, next } = page(found, fields)
    return { runs: items.map((run) => toJson(run, endpoint)), ...next }
  },
  'POST runs/set-tag': (fields, endpoint) => {
    const { id } = runOf(fields, endpoint)
    endpoint.store.apply({ op: 'tag', run: id, key: keyOf(fields), value: optionalText(fields, 'value') ?? '' })
    return {}
  },
  'POST runs/delete-tag': (fields, endpoint) => {
    const { id } = runOf(fields, endpoint)
    const key = keyOf(fields)
    if (!endpoint.store.dataOf(id).tags.has(key))
      throw new MlflowError('RESOURCE_DOES_NOT_EXIST', `No tag with name: ${key} in run with id ${id}`)
    endpoint.store.apply({ op: 'tag', run: id, key, value: null })
    return {}
  },
  'POST runs/log-inputs': (fields, endpoint) => {
    const { id } = runOf(fields, endpoint)
    for (const input of listOf(fields, 'datasets')) logDataset(id, input, endpoint)
    logModels(id, listOf(fields, 'models'), 'input', endpoint)
    return {}
  },
  'POST runs/outputs': (fields, endpoint) => {
    logModels(runOf(fields, endpoint).id, listOf(fields, 'models'), 'output', endpoint)
    return {}
  },
  // MLflow 2 clients send here what MLmodel, among the artifacts, also says.
  'POST runs/log-model': (fields, endpoint) => {
    const { id } = runOf(fields, endpoint)
    const value = textOf(fields, 'model_json')
    endpoint.store.apply({ op: 'tag', run: id, key: 'mlflow.log-model.history', value: `[${value}]` })
    return {}
  },
}

export function runOf(fields: Fields, { store }: Endpoint): MlflowRun {
  const id = optionalText(fields, 'run_id') || textOf(fields, 'run_uuid')
  return store.get('runs', id, 'Run')
}

function setStage(fields: Fields, endpoint: Endpoint, stage: MlflowRun['stage']): object {
  const run = runOf(fields, endpoint)
  endpoint.store.put('runs', run.id, { ...run, stage })
  return {}
}

function logDataset(run: string, input: Fields, { store }: Endpoint): void {
  const dataset = (input.dataset ?? {}) as Fields
  const context = new Map(pairsOf(input, 'tags')).get('mlflow.data.context')
  const value = {
    name: textOf(dataset, 'name', 500),
    digest: textOf(dataset, 'digest', 500),
    sourceType: optionalText(dataset, 'source_type') ?? '',
    source: optionalText(dataset, 'source') ?? '',
    ...(context !== undefined && { context }),
  }
  const { datasets } = store.dataOf(run)
  if (datasets.length < 1000 && !datasets.some(({ name, digest }) => name === value.name && digest === value.digest))
    store.apply({ op: 'dataset', run, value })
}

function logModels(run: string, models: readonly Fields[], as: 'input' | 'output', { store }: Endpoint): void {
  for (const model of models) store.apply({ op: 'model', run, model: textOf(model, 'model_id', 500), as })
}

function infoOf(run: MlflowRun, { folders }: Endpoint): object {
  return {
    run_id: run.id,
    run_uuid: run.id,
    run_name: run.name,
    experiment_id: run.experiment,
    status: run.status,
    start_time: run.start,
    ...(run.end !== undefined && { end_time: run.end }),
    artifact_uri: folders.uriOf(run.folder),
    lifecycle_stage: run.stage,
  }
}

function toJson(run: MlflowRun, endpoint: Endpoint): object {
  const { metrics, params, tags, datasets, models } = endpoint.store.dataOf(run.id)
  const pairs = (map: ReadonlyMap<string, string>) => [...map].map(([key, value]) => ({ key, value }))
  const idsOf = (as: string) => [...models].filter(([, how]) => how === as).map(([id]) => id)
  return {
    info: infoOf(run, endpoint),
    data: {
      metrics: [...metrics].map(([key, { value, step, time }]) => ({
        key,
        value: jsonNumber(value),
        step,
        timestamp: time,
      })),
      params: pairs(params),
      tags: pairs(tags),
    },
    inputs: {
      dataset_inputs: datasets.map(({ name, digest, sourceType, source, context }) => ({
        dataset: { name, digest, source_type: sourceType, source },
        tags: context === undefined ? [] : [{ key: 'mlflow.data.context', value: context }],
      })),
      model_inputs: idsOf('input').map((id) => ({ model_id: id })),
    },
    outputs: { model_outputs: idsOf('output').map((id) => ({ model_id: id, step: 0 })) },
  }
}

/** As in protobuf's JSON form. */
export const jsonNumber = (value: number) => (Number.isFinite(value) ? value : String(value))
