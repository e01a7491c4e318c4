import type { LoggedModel } from './entities.ts'
import { optionalText, pairsOf, textOf, textsOf } from './fields.ts'
import { page } from './page.ts'
import type { Endpoint, Routes } from './route.ts'

/** Models from MLflow 3's log_model, with artifacts separate from the run's. */
export const loggedModels: Routes = {
  'POST logged-models': (fields, endpoint) => {
    const { store, now } = endpoint
    const id = `m-${store.tables.models.size + 1}-${now().toString(36)}`
    const [type, run] = [optionalText(fields, 'model_type'), optionalText(fields, 'source_run_id')]
    const name = optionalText(fields, 'name', 500) || `model-${store.tables.models.size + 1}`
    const model = {
      id,
      name,
      folder: endpoint.folders.reserve('models', name),
      experiment: textOf(fields, 'experiment_id'),
      status: 'LOGGED_MODEL_PENDING',
      created: now(),
      updated: now(),
      tags: Object.fromEntries(pairsOf(fields, 'tags')),
      params: Object.fromEntries(pairsOf(fields, 'params')),
      ...(type && { type }),
      ...(run && { run }),
    }
    return answer(store.put('models', id, model), endpoint)
  },
  'POST logged-models/search': (fields, endpoint) => {
    const wanted = new Set(textsOf(fields, 'experiment_ids'))
    const found = [...endpoint.store.tables.models.values()]
      .filter(({ experiment }) => wanted.has(experiment))
      .reverse()
    const { items, next } = page(found, fields)
    return { models: items.map((model) => toJson(model, endpoint)), ...next }
  },
  'GET logged-models/{}': (_, endpoint, id) => answer(modelOf(id, endpoint), endpoint),
  'PATCH logged-models/{}': (fields, endpoint, id) =>
    change(id, endpoint, () => ({ status: textOf(fields, 'status', 100) })),
  'DELETE logged-models/{}': (_, endpoint, id) => {
    endpoint.store.apply({ op: 'drop', table: 'models', id: modelOf(id, endpoint).id })
    return {}
  },
  'PATCH logged-models/{}/tags': (fields, endpoint, id) =>
    change(id, endpoint, ({ tags }) => ({ tags: { ...tags, ...Object.fromEntries(pairsOf(fields, 'tags')) } })),
  'DELETE logged-models/{}/tags/{}': (_, endpoint, id, key = '') =>
    change(id, endpoint, ({ tags: { [key]: gone, ...tags } }) => ({ tags })),
  'POST logged-models/{}/params': (fields, endpoint, id) =>
    change(id, endpoint, ({ params }) => ({ params: { ...params, ...Object.fromEntries(pairsOf(fields, 'params')) } })),
}

function modelOf(id: string | undefined, { store }: Endpoint): LoggedModel {
  return store.get('models', id ?? '', 'Logged model')
}

function change(id: string | undefined, endpoint: Endpoint, to: (model: LoggedModel) => Partial<LoggedModel>): object {
  const model = modelOf(id, endpoint)
  return answer(endpoint.store.put('models', model.id, { ...model, ...to(model), updated: endpoint.now() }), endpoint)
}

const answer = (model: LoggedModel, endpoint: Endpoint) => ({ model: toJson(model, endpoint) })

function toJson(model: LoggedModel, { folders }: Endpoint): object {
  const pairs = (of: Record<string, string>) => Object.entries(of).map(([key, value]) => ({ key, value }))
  return {
    info: {
      model_id: model.id,
      experiment_id: model.experiment,
      name: model.name,
      creation_timestamp_ms: model.created,
      last_updated_timestamp_ms: model.updated,
      artifact_uri: folders.uriOf(model.folder),
      status: model.status,
      ...(model.type && { model_type: model.type }),
      ...(model.run && { source_run_id: model.run }),
      tags: pairs(model.tags),
    },
    data: { params: pairs(model.params), metrics: [] },
  }
}
