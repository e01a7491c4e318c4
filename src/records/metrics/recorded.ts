import { digestOf } from '../../base/digest.ts'
import type { Run } from '../../generated/types.ts'
import { type MetricSeries, summariseSeries } from './series.ts'
import { fitSeries, formatSeriesFile } from './series-file.ts'

const mostMetrics = 10_000

/** Metrics as a record holds them, and the file with all their values, when there are several. */
export interface RecordedMetrics {
  metrics?: NonNullable<Run['metrics']>
  series?: { digest: string; text: string }
}

export function recordMetrics(all: ReadonlyMap<string, MetricSeries>): RecordedMetrics {
  if (all.size === 0) return {}
  const kept = new Map([...all].slice(0, mostMetrics))
  const fitted = fitSeries(kept)
  // A thinned series says how many values there were.
  const metrics = [...kept, ...fitted].map(([name, series]) => [name, summariseSeries(name, series)] as const)
  const text = formatSeriesFile(fitted)
  return { metrics: Object.fromEntries(metrics), ...(text && { series: { digest: digestOf(text), text } }) }
}
