import { escapeLine } from '../../base/escape.ts'
import type { Leaf } from '../run.ts'
import { GatheredSeries } from './gathered.ts'
import type { MetricPoint, MetricSeries } from './series.ts'

interface MetricProblem {
  /** The file, or the part of the run, with the problem. */
  path: string
  line?: number
  reason: string
}

/** What a program reported while it ran, from any number of sources. */
export interface MetricSet {
  metrics: Map<string, MetricSeries>
  /** Source (the path of a file, tensorboard, dvclive, events, mlflow) to values by name. */
  parameters: Map<string, Map<string, Leaf>>
  tags: Map<string, string>
  /** Paths the program itself named, as it wrote them. */
  inputs: string[]
  outputs: string[]
  notes: string[]
  problems: MetricProblem[]
}

/** As a run's schema has it. */
const most = { metrics: 10_000, parameters: 10_000, tags: 1000 }
const maxName = 512
const maxText = 8192
const maxProblems = 100
const maxPaths = 10_000
/** Points held in memory for all metrics: some 20 MB, and more than a series file holds. */
const maxPoints = 300_000

/**
 * Gathers a MetricSet point by point in bounded memory: a series that grows too long is thinned on the way (first, last
 * and extremes are kept); names and texts beyond the limits are left out and listed as problems.
 */
export class MetricSetBuilder {
  readonly #set: MetricSet = emptyMetricSet()
  /** By source, so that two sources using the same name do not mix. */
  readonly #series = new Map<string, Map<string, GatheredSeries>>()
  readonly #said = new Set<string>()
  #names = 0
  #held = 0

  metric(name: string, source: string, point: MetricPoint): void {
    const series = this.#seriesOf(source).get(name) ?? this.#begin(name, source)
    if (!series) return
    series.add(point)
    if (++this.#held > maxPoints) this.#thin()
  }

  has(name: string, source: string): boolean {
    return this.#seriesOf(source).has(name)
  }

  /** The points kept so far for a series. */
  pointsOf(name: string, source: string): readonly MetricPoint[] {
    return this.#seriesOf(source).get(name)?.points ?? []
  }

  /** Removes the points of a source that `keep` refuses: steps that a restarted program logged again. */
  purge(source: string, keep: (point: MetricPoint) => boolean, only?: string): void {
    for (const [name, series] of this.#seriesOf(source)) {
      if (only !== undefined && name !== only) continue
      this.#held -= series.points.length
      series.purge(keep)
      this.#held += series.points.length
    }
  }

  parameter(source: string, key: string, value: Leaf): void {
    const values = this.#set.parameters.get(source) ?? new Map<string, Leaf>()
    if (!values.has(key) && !this.#admits('parameters', key, values.size, source)) return
    values.set(key, typeof value === 'string' ? value.slice(0, maxText) : value)
    this.#set.parameters.set(source, values)
  }

  tag(key: string, value: string, source: string): void {
    if (!this.#set.tags.has(key) && !this.#admits('tags', key, this.#set.tags.size, source)) return
    this.#set.tags.set(key, value.slice(0, maxText))
  }

  path(kind: 'inputs' | 'outputs', path: string): void {
    const paths = this.#set[kind]
    if (paths.length < maxPaths && !paths.includes(path)) paths.push(path)
  }

  note(text: string): void {
    if (this.#set.notes.length < 1000) this.#set.notes.push(text.slice(0, maxText))
  }

  problem(path: string, reason: string, line?: number): void {
    const { problems } = this.#set
    if (problems.length > maxProblems) return
    if (problems.length === maxProblems) problems.push({ path, reason: 'and more problems, not listed' })
    else problems.push({ path, reason: reason.slice(0, 1000), ...(line !== undefined && { line }) })
  }

  build(): MetricSet {
    const metrics = new Map<string, MetricSeries>()
    for (const all of this.#series.values()) for (const series of all.values()) series.even()
    for (const [source, all] of this.#series)
      for (const [name, { points, logged }] of all)
        if (points.length > 0)
          mergeSeries(metrics, name, { source, points, ...(logged > points.length && { sampledFrom: logged }) })
    return { ...this.#set, metrics }
  }

  #seriesOf(source: string): Map<string, GatheredSeries> {
    const there = this.#series.get(source)
    if (there) return there
    const series = new Map<string, GatheredSeries>()
    this.#series.set(source, series)
    return series
  }

  #begin(name: string, source: string): GatheredSeries | undefined {
    if (!this.#admits('metrics', name, this.#names, source)) return undefined
    this.#names++
    const series = new GatheredSeries()
    this.#seriesOf(source).set(name, series)
    return series
  }

  #admits(what: keyof typeof most, name: string, count: number, source: string): boolean {
    const short = name.length > 0 && name.length <= maxName
    if (short && count < most[what]) return true
    const reason = short
      ? `more than ${most[what]} ${what}; the others are left out`
      : name === ''
        ? `a name among the ${what} is empty`
        : `a name among the ${what} is longer than ${maxName} characters: ${escapeLine(name.slice(0, 40))}…`
    const key = `${source}\0${reason}`
    if (this.#said.has(key)) return false
    this.#said.add(key)
    this.problem(source, reason)
    return false
  }

  /** Thins to half of the limit; the longest series lose most. */
  #thin(): void {
    const all = [...this.#series.values()].flatMap((series) => [...series.values()])
    for (let most = maxPoints / 2; this.#held > maxPoints / 2 && most >= 8; most /= 2) {
      for (const series of all) if (series.points.length > Math.min(most, 64)) series.thin(most)
      this.#held = all.reduce((sum, { points }) => sum + points.length, 0)
    }
  }
}

function emptyMetricSet(): MetricSet {
  return {
    metrics: new Map(),
    parameters: new Map(),
    tags: new Map(),
    inputs: [],
    outputs: [],
    notes: [],
    problems: [],
  }
}

/**
 * The union of several sets. If two have a metric with the same last value, the longer series is kept; if the values
 * differ, the first keeps the name and the other becomes `name@source`.
 */
export function mergeMetricSets(sets: readonly MetricSet[]): MetricSet {
  const merged = emptyMetricSet()
  for (const set of sets) {
    for (const [name, series] of set.metrics) mergeSeries(merged.metrics, name, series)
    for (const [source, values] of set.parameters)
      merged.parameters.set(source, new Map([...(merged.parameters.get(source) ?? []), ...values]))
    for (const [key, value] of set.tags) merged.tags.set(key, value)
    for (const kind of ['inputs', 'outputs', 'notes'] as const)
      merged[kind] = [...new Set([...merged[kind], ...set[kind]])]
    merged.problems.push(...set.problems)
  }
  return merged
}

function mergeSeries(into: Map<string, MetricSeries>, name: string, series: MetricSeries): void {
  const there = into.get(name)
  if (!there) into.set(name, series)
  else if (Object.is(there.points.at(-1)?.value, series.points.at(-1)?.value)) {
    if (series.points.length > there.points.length) into.set(name, series)
  } else into.set(`${name}@${series.source}`, series)
}
