import type { Experiment } from './entities.ts'
import { MlflowError, missingResource } from './error.ts'
import { keyOf, optionalText, pairsOf, textOf } from './fields.ts'
import { page, pickStage } from './page.ts'
import type { Endpoint, Routes } from './route.ts'
import { selectExperiments } from './search-terms.ts'

/** MLflow experiments; they last as long as the endpoint. */
export const experiments: Routes = {
  'POST experiments/create': (fields, endpoint) => {
    const name = textOf(fields, 'name', 500)
    if (byName(endpoint, name)) throw new MlflowError('RESOURCE_ALREADY_EXISTS', `Experiment '${name}' already exists.`)
    const id = String(endpoint.store.tables.experiments.size)
    const tags = Object.fromEntries(pairsOf(fields, 'tags'))
    endpoint.store.put('experiments', id, { id, name, stage: 'active', created: endpoint.now(), tags })
    return { experiment_id: id }
  },
  'GET experiments/get': (fields, endpoint) => ({ experiment: toJson(experimentOf(fields, endpoint), endpoint) }),
  'GET experiments/get-by-name': (fields, endpoint) => {
    const name = textOf(fields, 'experiment_name')
    const found = byName(endpoint, name)
    if (!found) throw missingResource(`Experiment '${name.slice(0, 200)}'`)
    return { experiment: toJson(found, endpoint) }
  },
  'POST experiments/search': (fields, endpoint) => {
    const all = [...endpoint.store.tables.experiments.values()].reverse()
    const wanted = selectExperiments(all.filter(pickStage(fields, 'view_type')), fields)
    const { items, next } = page(wanted, fields)
    return { experiments: items.map((experiment) => toJson(experiment, endpoint)), ...next }
  },
  'GET experiments/search': (fields, endpoint) => experiments['POST experiments/search']?.(fields, endpoint),
  'POST experiments/update': (fields, endpoint) => change(fields, endpoint, { name: textOf(fields, 'new_name', 500) }),
  'POST experiments/delete': (fields, endpoint) => change(fields, endpoint, { stage: 'deleted' }),
  'POST experiments/restore': (fields, endpoint) => change(fields, endpoint, { stage: 'active' }),
  'POST experiments/set-experiment-tag': (fields, endpoint) => {
    const { tags } = experimentOf(fields, endpoint)
    return change(fields, endpoint, { tags: { ...tags, [keyOf(fields)]: optionalText(fields, 'value') ?? '' } })
  },
  'POST experiments/delete-experiment-tag': (fields, endpoint) => {
    const { [keyOf(fields)]: _, ...tags } = experimentOf(fields, endpoint).tags
    return change(fields, endpoint, { tags })
  },
}

export function experimentOf(fields: Parameters<typeof textOf>[0], { store }: Endpoint): Experiment {
  const id = textOf(fields, 'experiment_id')
  const found = store.tables.experiments.get(id)
  if (!found) throw missingResource(`No Experiment with id=${id.slice(0, 200)} exists: it is`)
  return found
}

function byName({ store }: Endpoint, name: string): Experiment | undefined {
  return [...store.tables.experiments.values()].find((experiment) => experiment.name === name)
}

function change(fields: Parameters<typeof textOf>[0], endpoint: Endpoint, to: Partial<Experiment>): object {
  const experiment = experimentOf(fields, endpoint)
  endpoint.store.put('experiments', experiment.id, { ...experiment, ...to })
  return {}
}

function toJson({ id, name, stage, created, tags }: Experiment, { folders }: Endpoint): object {
  return {
    experiment_id: id,
    name,
    artifact_location: folders.uriOf(''),
    lifecycle_stage: stage,
    creation_time: created,
    last_update_time: created,
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  }
}
