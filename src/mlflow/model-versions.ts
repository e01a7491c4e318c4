import type { ModelVersion } from './entities.ts'
import { missingResource } from './error.ts'
import { type Fields, keyOf, optionalText, pairsOf, textOf } from './fields.ts'
import { page } from './page.ts'
import type { Endpoint, Routes } from './route.ts'
import { selectByName } from './search-terms.ts'

/** Versions of registered models. */
export const modelVersions: Routes = {
  'POST model-versions/create': (fields, endpoint) => {
    const { store, now } = endpoint
    const { name } = store.get('registered', textOf(fields, 'name'), 'Registered Model')
    const count = [...store.tables.versions.values()].filter((version) => version.name === name).length
    const version = String(count + 1)
    const optional = { run: 'run_id', model: 'model_id', description: 'description' }
    const given = Object.entries(optional).flatMap(([member, field]) => {
      const text = optionalText(fields, field)
      return text ? [[member, text] as const] : []
    })
    const value: ModelVersion = {
      name,
      version,
      created: now(),
      updated: now(),
      source: textOf(fields, 'source'),
      stage: 'None',
      tags: Object.fromEntries(pairsOf(fields, 'tags')),
      ...Object.fromEntries(given),
    }
    return answer(store.put('versions', idOf(name, version), value))
  },
  'GET model-versions/get': (fields, endpoint) => answer(versionOf(fields, endpoint)),
  'GET model-versions/get-download-uri': (fields, endpoint) => {
    const { source, model } = versionOf(fields, endpoint)
    const id = model ?? /^models:\/(m-[\w-]+)$/.exec(source)?.[1]
    const logged = id === undefined ? undefined : endpoint.store.tables.models.get(id)
    return { artifact_uri: logged ? endpoint.folders.uriOf(logged.folder) : source }
  },
  'GET model-versions/search': (fields, endpoint) => {
    const all = [...endpoint.store.tables.versions.values()].reverse()
    const { items, next } = page(selectByName(all, fields), fields)
    return { model_versions: items.map(versionToJson), ...next }
  },
  'PATCH model-versions/update': (fields, endpoint) =>
    change(fields, endpoint, () => ({ description: optionalText(fields, 'description') ?? '' })),
  'POST model-versions/transition-stage': (fields, endpoint) =>
    change(fields, endpoint, () => ({ stage: textOf(fields, 'stage', 100) })),
  'DELETE model-versions/delete': (fields, endpoint) => {
    const { name, version } = versionOf(fields, endpoint)
    endpoint.store.apply({ op: 'drop', table: 'versions', id: idOf(name, version) })
    return {}
  },
  'POST model-versions/set-tag': (fields, endpoint) =>
    change(fields, endpoint, ({ tags }) => ({
      tags: { ...tags, [keyOf(fields)]: optionalText(fields, 'value') ?? '' },
    })),
  'DELETE model-versions/delete-tag': (fields, endpoint) =>
    change(fields, endpoint, ({ tags: { [keyOf(fields)]: _, ...tags } }) => ({ tags })),
}

const idOf = (name: string, version: string) => `${name}/${version}`

export function versionOf(fields: Fields, { store }: Endpoint): ModelVersion {
  const [name, version] = [textOf(fields, 'name'), optionalText(fields, 'version') ?? '']
  const found = store.tables.versions.get(idOf(name, version))
  if (!found) throw missingResource(`Model Version (name=${name.slice(0, 200)}, version=${version.slice(0, 20)})`)
  return found
}

function change(fields: Fields, endpoint: Endpoint, to: (version: ModelVersion) => Partial<ModelVersion>): object {
  const before = versionOf(fields, endpoint)
  const after = { ...before, ...to(before), updated: endpoint.now() }
  return answer(endpoint.store.put('versions', idOf(before.name, before.version), after))
}

const answer = (version: ModelVersion) => ({ model_version: versionToJson(version) })

export function versionToJson(version: ModelVersion) {
  return {
    name: version.name,
    version: version.version,
    creation_timestamp: version.created,
    last_updated_timestamp: version.updated,
    current_stage: version.stage,
    source: version.source,
    status: 'READY',
    ...(version.run && { run_id: version.run }),
    ...(version.model && { model_id: version.model }),
    ...(version.description && { description: version.description }),
    tags: Object.entries(version.tags).map(([key, value]) => ({ key, value })),
  }
}
