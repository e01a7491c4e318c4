import { toFigure } from '../../base/figure.ts'
import type { Metric } from '../../generated/types.ts'
import { guessDirection } from './direction.ts'

/** One value of a metric. `step` is the program's own count; `time` is in ms since the epoch. */
export interface MetricPoint {
  value: number
  step?: number
  time?: number
}

export function metricPoint(value: number, step: number | undefined, time: number | undefined): MetricPoint {
  const point: MetricPoint = { value }
  if (step !== undefined) point.step = step
  if (time !== undefined) point.time = time
  return point
}

/** The values of one metric, in the order they were logged. */
export interface MetricSeries {
  /** Their source: the path of a file, or mlflow, events. */
  source: string
  points: MetricPoint[]
  /** How many values were logged, when `points` keeps fewer of them. */
  sampledFrom?: number
}

const curveLength = 24

/** A summary of the metric: last value, range, number of values, and up to 24 of them for a sparkline. */
export function summariseSeries(name: string, series: MetricSeries): Metric {
  const points = inStepOrder(series.points)
  const direction = guessDirection(name)
  return {
    value: toFigure((points.at(-1) as MetricPoint).value),
    source: series.source,
    ...(points.length > 1 && { ...spanOf(points), steps: series.sampledFrom ?? points.length, curve: curveOf(points) }),
    ...(series.sampledFrom !== undefined && { sampledFrom: series.sampledFrom }),
    ...(direction && { direction }),
  }
}

/** Sorted by step, or as logged without one: workers may report out of order. */
function inStepOrder(points: readonly MetricPoint[]): readonly MetricPoint[] {
  const ordered = points.every((point, index) => index === 0 || !(stepOf(point) < stepOf(points[index - 1])))
  return ordered ? points : [...points].sort((a, b) => stepOf(a) - stepOf(b) || 0)
}

const stepOf = (point: MetricPoint | undefined) => point?.step ?? Number.NaN

/** Over the finite values. */
function spanOf(points: readonly MetricPoint[]): { min?: number; max?: number } {
  let min = Number.POSITIVE_INFINITY
  let max = Number.NEGATIVE_INFINITY
  for (const { value } of points) {
    if (!Number.isFinite(value)) continue
    if (value < min) min = value
    if (value > max) max = value
  }
  return min > max ? {} : { min, max }
}

function curveOf(points: readonly MetricPoint[]): (number | null)[] {
  const length = Math.min(points.length, curveLength)
  return Array.from({ length }, (_, i) => {
    const { value } = points[Math.round((i * (points.length - 1)) / (length - 1))] as MetricPoint
    return Number.isFinite(value) ? Number(value.toPrecision(4)) : null
  })
}

/** At most `most` of the points (never below 8): the first, the last, and the extremes of equal intervals. */
export function thinPoints(points: readonly MetricPoint[], most: number): MetricPoint[] {
  const limit = Math.max(8, most)
  let kept = [...points]
  while (kept.length > limit) {
    const width = Math.max(4, Math.ceil((3 * kept.length) / limit))
    kept = pickExtremes(kept, (index) => Math.floor(index / width)).map((index) => kept[index] as MetricPoint)
  }
  return kept
}

/**
 * Indices of the points to keep: the first, the last, and of each group of neighbours the minimum, the maximum and one
 * NaN, so that repeated thinning loses no extreme.
 */
export function pickExtremes(points: readonly MetricPoint[], groupOf: (index: number) => number): number[] {
  const end = points.length - 1
  const kept = [0]
  for (let from = 1; from < end; ) {
    const group = groupOf(from)
    let to = from + 1
    while (to < end && groupOf(to) === group) to++
    pushExtremes(points, from, to, kept)
    from = to
  }
  kept.push(end)
  return kept
}

function pushExtremes(points: readonly MetricPoint[], from: number, to: number, kept: number[]): void {
  let [low, high, broken] = [-1, -1, -1]
  for (let index = from; index < to; index++) {
    const { value } = points[index] as MetricPoint
    if (Number.isNaN(value)) broken = broken < 0 ? index : broken
    else {
      if (low < 0 || value < (points[low] as MetricPoint).value) low = index
      if (high < 0 || value > (points[high] as MetricPoint).value) high = index
    }
  }
  const picked = [low, high, broken].sort((a, b) => a - b)
  for (const [at, index] of picked.entries()) if (index >= 0 && index !== picked[at - 1]) kept.push(index)
}
