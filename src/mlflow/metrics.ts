import { toFigure } from '../base/figure.ts'
import { MlflowError } from './error.ts'
import {
  type Fields,
  keyOf,
  listOf,
  numberOf,
  optionalInteger,
  optionalText,
  pairsOf,
  textOf,
  textsOf,
} from './fields.ts'
import { page } from './page.ts'
import type { Endpoint, Routes } from './route.ts'
import { jsonNumber, runOf } from './runs.ts'

/** Metrics and parameters, one by one or in batches, and their history. */
export const metrics: Routes = {
  'POST runs/log-metric': (fields, endpoint) => {
    logMetric(runOf(fields, endpoint).id, fields, endpoint)
    return {}
  },
  'POST runs/log-parameter': (fields, endpoint) => {
    logParam(runOf(fields, endpoint).id, [keyOf(fields), optionalText(fields, 'value') ?? ''], endpoint)
    return {}
  },
  'POST runs/log-batch': (fields, endpoint) => {
    const { id } = runOf(fields, endpoint)
    for (const pair of pairsOf(fields, 'params')) logParam(id, pair, endpoint)
    for (const metric of listOf(fields, 'metrics')) logMetric(id, metric, endpoint)
    for (const [key, value] of pairsOf(fields, 'tags')) endpoint.store.apply({ op: 'tag', run: id, key, value })
    return {}
  },
  'GET metrics/get-history': (fields, endpoint) => {
    const { id } = runOf(fields, endpoint)
    const { items, next } = page(historyOf(id, textOf(fields, 'metric_key'), endpoint), fields, 25_000)
    return { metrics: items, ...next }
  },
  'GET metrics/get-history-bulk': (fields, endpoint) => ({
    metrics: historyOfAll(textsOf(fields, 'run_id'), fields, endpoint),
  }),
  'GET metrics/get-history-bulk-interval': (fields, endpoint) => {
    const [from, to] = [optionalInteger(fields, 'start_step'), optionalInteger(fields, 'end_step')]
    const all = historyOfAll(textsOf(fields, 'run_ids'), fields, endpoint)
    return { metrics: all.filter(({ step }) => step >= (from ?? step) && step <= (to ?? step)) }
  },
}

function logMetric(run: string, fields: Fields, { store, now }: Endpoint): void {
  const value = toFigure(numberOf(fields, 'value'))
  const [step, time] = [optionalInteger(fields, 'step') ?? 0, optionalInteger(fields, 'timestamp') ?? now()]
  store.apply({ op: 'metric', run, key: keyOf(fields), value, step, time })
}

function logParam(run: string, [key, value]: [string, string], { store }: Endpoint): void {
  const before = store.dataOf(run).params.get(key)
  if (before === value) return
  if (before !== undefined)
    throw new MlflowError(
      'INVALID_PARAMETER_VALUE',
      `Changing param values is not allowed. Param with key='${key}' was already logged with value='${before}' for run ID='${run}'. Attempted logging new value '${value}'.`,
    )
  store.apply({ op: 'param', run, key, value })
}

interface HistoryPoint {
  key: string
  value: number | string
  step: number
  timestamp: number
}

function historyOf(run: string, key: string, { store }: Endpoint): HistoryPoint[] {
  const points = store.series.pointsOf(`${run}/${key}`, 'mlflow')
  return points.map(({ value, step = 0, time = 0 }) => ({ key, value: jsonNumber(value), step, timestamp: time }))
}

function historyOfAll(
  runs: readonly string[],
  fields: Fields,
  endpoint: Endpoint,
): (HistoryPoint & { run_id: string })[] {
  const key = textOf(fields, 'metric_key')
  const most = optionalInteger(fields, 'max_results') ?? 25_000
  return runs.flatMap((run) => historyOf(run, key, endpoint).map((point) => ({ ...point, run_id: run }))).slice(0, most)
}
