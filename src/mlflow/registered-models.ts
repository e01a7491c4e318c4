import type { RegisteredModel } from './entities.ts'
import { MlflowError } from './error.ts'
import { type Fields, keyOf, optionalText, pairsOf, textOf, textsOf } from './fields.ts'
import { versionOf, versionToJson } from './model-versions.ts'
import { page } from './page.ts'
import type { Endpoint, Routes } from './route.ts'
import { selectByName } from './search-terms.ts'

/** The model registry, as far as log_model(registered_model_name=…) and register_model need it. */
export const registeredModels: Routes = {
  'POST registered-models/create': (fields, endpoint) => {
    const { store, now } = endpoint
    const name = textOf(fields, 'name', 500)
    if (store.tables.registered.has(name))
      throw new MlflowError('RESOURCE_ALREADY_EXISTS', `Registered Model (name=${name}) already exists.`)
    const description = optionalText(fields, 'description')
    const tags = Object.fromEntries(pairsOf(fields, 'tags'))
    const model = { name, created: now(), updated: now(), tags, aliases: {}, ...(description && { description }) }
    return answer(store.put('registered', name, model), endpoint)
  },
  'GET registered-models/get': (fields, endpoint) => answer(modelOf(fields, endpoint), endpoint),
  'GET registered-models/search': (fields, endpoint) => {
    const { items, next } = page(selectByName([...endpoint.store.tables.registered.values()], fields), fields, 100)
    return { registered_models: items.map((model) => toJson(model, endpoint)), ...next }
  },
  'PATCH registered-models/update': (fields, endpoint) =>
    change(fields, endpoint, () => ({ description: optionalText(fields, 'description') ?? '' })),
  'DELETE registered-models/delete': (fields, { store }) => {
    store.apply({ op: 'drop', table: 'registered', id: textOf(fields, 'name') })
    return {}
  },
  'POST registered-models/get-latest-versions': (fields, endpoint) => ({
    model_versions: latest(modelOf(fields, endpoint).name, endpoint).filter(({ current_stage }) => {
      const stages = textsOf(fields, 'stages')
      return stages.length === 0 || stages.includes(current_stage)
    }),
  }),
  'GET registered-models/get-latest-versions': (fields, endpoint) =>
    registeredModels['POST registered-models/get-latest-versions']?.(fields, endpoint),
  'POST registered-models/set-tag': (fields, endpoint) =>
    change(fields, endpoint, ({ tags }) => ({
      tags: { ...tags, [keyOf(fields)]: optionalText(fields, 'value') ?? '' },
    })),
  'DELETE registered-models/delete-tag': (fields, endpoint) =>
    change(fields, endpoint, ({ tags: { [keyOf(fields)]: _, ...tags } }) => ({ tags })),
  'POST registered-models/alias': (fields, endpoint) =>
    change(fields, endpoint, ({ aliases }) => ({
      aliases: { ...aliases, [textOf(fields, 'alias', 500)]: versionOf(fields, endpoint).version },
    })),
  'DELETE registered-models/alias': (fields, endpoint) =>
    change(fields, endpoint, ({ aliases: { [textOf(fields, 'alias')]: _, ...aliases } }) => ({ aliases })),
  'GET registered-models/alias': (fields, endpoint) => {
    const [alias, { name, aliases }] = [textOf(fields, 'alias'), modelOf(fields, endpoint)]
    const version = Object.hasOwn(aliases, alias) ? (aliases[alias] as string) : ''
    return { model_version: versionToJson(versionOf({ name, version }, endpoint)) }
  },
}

function modelOf(fields: Fields, { store }: Endpoint): RegisteredModel {
  return store.get('registered', textOf(fields, 'name'), 'Registered Model')
}

function change(fields: Fields, endpoint: Endpoint, to: (model: RegisteredModel) => Partial<RegisteredModel>): object {
  const model = modelOf(fields, endpoint)
  return answer(
    endpoint.store.put('registered', model.name, { ...model, ...to(model), updated: endpoint.now() }),
    endpoint,
  )
}

const answer = (model: RegisteredModel, endpoint: Endpoint) => ({ registered_model: toJson(model, endpoint) })

function toJson(model: RegisteredModel, endpoint: Endpoint): object {
  return {
    name: model.name,
    creation_timestamp: model.created,
    last_updated_timestamp: model.updated,
    ...(model.description && { description: model.description }),
    latest_versions: latest(model.name, endpoint),
    tags: Object.entries(model.tags).map(([key, value]) => ({ key, value })),
    aliases: Object.entries(model.aliases).map(([alias, version]) => ({ alias, version })),
  }
}

/** The newest version in each stage. */
function latest(name: string, { store }: Endpoint): ReturnType<typeof versionToJson>[] {
  const versions = [...store.tables.versions.values()].filter((version) => version.name === name)
  return [...new Map(versions.map((version) => [version.stage, versionToJson(version)])).values()]
}
