import { randomBytes } from 'node:crypto'
import { MetricSetBuilder } from '../records/metrics/set.ts'
import type { MlflowDataset, MlflowEvent, Tables } from './entities.ts'
import { MlflowError, missingResource } from './error.ts'

interface Latest {
  value: number
  step: number
  time: number
}

/** The data of a run beyond its entity. */
export interface RunData {
  metrics: Map<string, Latest>
  params: Map<string, string>
  tags: Map<string, string>
  datasets: MlflowDataset[]
  models: Map<string, 'input' | 'output'>
}

const maxEntities = 100_000

/** The endpoint's state; only events change it, so that the journal restores it. */
export class MlflowStore {
  readonly tables: { [T in keyof Tables]: Map<string, Tables[T]> } = {
    experiments: new Map(),
    runs: new Map(),
    models: new Map(),
    registered: new Map(),
    versions: new Map(),
  }
  /** The series; a metric is named `<run id>/<key>` here. */
  readonly series = new MetricSetBuilder()
  readonly #data = new Map<string, RunData>()
  readonly #onEvent: (event: MlflowEvent) => void

  /** `onEvent` gets each change after it was made. */
  constructor(onEvent: (event: MlflowEvent) => void = () => {}) {
    this.#onEvent = onEvent
    const experiment = { id: '0', name: 'Default', stage: 'active', created: Date.now(), tags: {} } as const
    this.tables.experiments.set('0', experiment)
  }

  apply(event: MlflowEvent): void {
    if (event.op === 'put') this.#put(event)
    else if (event.op === 'drop') this.tables[event.table].delete(event.id)
    else this.#log(event)
    this.#onEvent(event)
  }

  get<T extends keyof Tables>(table: T, id: string, what: string): Tables[T] {
    const found = this.tables[table].get(id)
    if (!found) throw missingResource(`${what} '${id.slice(0, 200)}'`)
    return found
  }

  put<T extends keyof Tables>(table: T, id: string, value: Tables[T]): Tables[T] {
    this.apply({ op: 'put', table, id, value } as MlflowEvent)
    return value
  }

  dataOf(run: string): RunData {
    const data = this.#data.get(run)
    if (!data) throw missingResource(`Run '${run.slice(0, 200)}'`)
    return data
  }

  #put({ table, id, value }: Extract<MlflowEvent, { op: 'put' }>): void {
    const entities = this.tables[table] as Map<string, unknown>
    if (entities.size >= maxEntities && !entities.has(id))
      throw new MlflowError('INVALID_PARAMETER_VALUE', `More than ${maxEntities} ${table}`)
    entities.set(id, value)
    if (table === 'runs' && !this.#data.has(id))
      this.#data.set(id, {
        metrics: new Map(),
        params: new Map(),
        tags: new Map(),
        datasets: [],
        models: new Map(),
      })
  }

  #log(event: Exclude<MlflowEvent, { op: 'put' | 'drop' }>): void {
    const data = this.dataOf(event.run)
    if (event.op === 'metric') this.#logMetric(data, event)
    else if (event.op === 'param') data.params.set(event.key, event.value)
    else if (event.op === 'dataset') data.datasets.push(event.value)
    else if (event.op === 'model') data.models.set(event.model, event.as)
    else if (event.value === null) data.tags.delete(event.key)
    else data.tags.set(event.key, event.value)
  }

  #logMetric(data: RunData, { run, key, value: figure, step, time }: Extract<MlflowEvent, { op: 'metric' }>): void {
    const value = Number(figure)
    this.series.metric(`${run}/${key}`, 'mlflow', { value, step, time })
    const latest = data.metrics.get(key)
    // As in MLflow: the latest value is the one with the greatest step, then time, then value.
    const older = latest && (latest.step - step || latest.time - time || latest.value - value) > 0
    if (!older) data.metrics.set(key, { value, step, time })
  }
}

/** 32 hex digits, like MLflow's run ids. */
export const newId = () => randomBytes(16).toString('hex')
