import { ProvError } from '../../base/errors.ts'
import { type MetricPoint, type MetricSeries, thinPoints } from './series.ts'

/** Bytes of a series file; longer ones are thinned. */
export const maxSeriesBytes = 4 * 1024 * 1024
const header = 'metric,step,time,value'

/**
 * The series worth a file (two values or more), thinned evenly until the file fits. A thinned one says how many values
 * there were (`sampledFrom`).
 */
export function fitSeries(
  metrics: ReadonlyMap<string, MetricSeries>,
  maxBytes = maxSeriesBytes,
): Map<string, MetricSeries> {
  const long = new Map([...metrics].filter(([, series]) => series.points.length > 1))
  let limit = Math.max(0, ...[...long.values()].map((series) => series.points.length))
  while (limit > 8 && byteLength(long) > maxBytes) {
    limit = Math.max(8, Math.floor(limit / 2))
    for (const [name, series] of long) long.set(name, thinned(series, limit))
  }
  // Ten thousand metrics of eight values do not fit: the last ones are dropped.
  const names = [...long.keys()].sort()
  while (names.length > 0 && byteLength(long) > maxBytes)
    for (const name of names.splice(-Math.max(1, names.length >> 2))) long.delete(name)
  return long
}

function thinned(series: MetricSeries, limit: number): MetricSeries {
  const { points } = series
  if (points.length <= limit) return series
  return { ...series, points: thinPoints(points, limit), sampledFrom: series.sampledFrom ?? points.length }
}

/**
 * CSV (RFC 4180 quoting, line feeds): `metric,step,time,value`, sorted by metric, then as logged. Step and time (ms
 * since the epoch) may be empty; values are as JavaScript writes them, NaN and Infinity among them. Empty text when
 * there is nothing to keep.
 */
export function formatSeriesFile(metrics: ReadonlyMap<string, MetricSeries>): string {
  if (metrics.size === 0) return ''
  const lines = [header]
  for (const name of [...metrics.keys()].sort()) for (const line of linesOf(name, metrics)) lines.push(line)
  return `${lines.join('\n')}\n`
}

function linesOf(name: string, metrics: ReadonlyMap<string, MetricSeries>): string[] {
  const word = /[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name
  const { points } = metrics.get(name) as MetricSeries
  return points.map(({ step, time, value }) => `${word},${step ?? ''},${time ?? ''},${value}`)
}

function byteLength(metrics: ReadonlyMap<string, MetricSeries>): number {
  let bytes = header.length + 1
  for (const name of metrics.keys()) for (const line of linesOf(name, metrics)) bytes += Buffer.byteLength(line) + 1
  return bytes
}

const row = /(?:"((?:[^"]|"")*)"|([^",\r\n]+)),(-?\d[\d.e+-]*)?,(-?\d[\d.e+-]*)?,(NaN|-?Infinity|-?\d[\d.e+-]*)\n/y

/** The points of a series file by metric. Throws `record` with the number of an invalid line. */
export function parseSeriesFile(text: string, path = 'series file'): Map<string, MetricPoint[]> {
  if (text.length > maxSeriesBytes) throw new ProvError('record', `${path} is longer than ${maxSeriesBytes} bytes`)
  if (!text.startsWith(`${header}\n`)) throw new ProvError('record', `${path}:1: expected ${header}`)
  const metrics = new Map<string, MetricPoint[]>()
  row.lastIndex = header.length + 1
  while (row.lastIndex < text.length) {
    const from = row.lastIndex
    const match = row.exec(text)
    if (!match)
      throw new ProvError('record', `${path}:${text.slice(0, from).split('\n').length}: not a value of a metric`)
    const [, quoted, plain, step, time, value] = match
    const name = quoted === undefined ? (plain as string) : quoted.replaceAll('""', '"')
    const points = metrics.get(name) ?? []
    if (points.length === 0) metrics.set(name, points)
    points.push({ value: Number(value), ...(step && { step: Number(step) }), ...(time && { time: Number(time) }) })
  }
  return metrics
}
