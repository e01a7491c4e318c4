import { describe, expect, it } from 'vitest'
import { guessDirection } from '../../src/records/metrics/direction.ts'
import { type MetricPoint, type MetricSeries, summariseSeries, thinPoints } from '../../src/records/metrics/series.ts'
import { fitSeries, formatSeriesFile, maxSeriesBytes, parseSeriesFile } from '../../src/records/metrics/series-file.ts'
import { MetricSetBuilder, mergeMetricSets } from '../../src/records/metrics/set.ts'

const series = (values: number[], source = 'm.csv'): MetricSeries => ({
  source,
  points: values.map((value, step) => ({ value, step })),
})

describe('summariseSeries', () => {
  it('is the last value by step, the span over what is finite, and up to 24 values to draw', () => {
    const points = [3, 1, 2].map((step) => ({ step, value: step * 10 }))
    expect(summariseSeries('f1', { source: 'mlflow', points })).toEqual({
      value: 30,
      source: 'mlflow',
      min: 10,
      max: 30,
      steps: 3,
      curve: [10, 20, 30],
      direction: 'maximize',
    })
    const long = summariseSeries('x', series(Array.from({ length: 1000 }, (_, i) => i)))
    expect(long.curve).toHaveLength(24)
    expect([long.curve?.[0], long.curve?.at(-1), long.steps]).toEqual([0, 999, 1000])
  })
  it('is only the value when there is one', () => {
    expect(summariseSeries('x', series([0.5]))).toEqual({ value: 0.5, source: 'm.csv' })
  })
  it('writes what JSON cannot as words, and leaves it out of span and curve', () => {
    expect(summariseSeries('loss', series([1, Number.POSITIVE_INFINITY, Number.NaN]))).toEqual({
      value: 'NaN',
      source: 'm.csv',
      min: 1,
      max: 1,
      steps: 3,
      curve: [1, null, null],
      direction: 'minimize',
    })
    expect(summariseSeries('x', series([Number.NaN, Number.NEGATIVE_INFINITY]))).toMatchObject({ value: '-Infinity' })
    expect(summariseSeries('x', series([Number.NaN, Number.NaN]))).not.toHaveProperty('min')
  })
})

it.each([
  ['loss', 'minimize'],
  ['val/loss', 'minimize'],
  ['trainLoss', 'minimize'],
  ['error_rate', 'minimize'],
  ['eval_rmse', 'minimize'],
  ['test.f1_macro', 'maximize'],
  ['roc_auc', 'maximize'],
  ['accuracy@5', 'maximize'],
  ['accuracy_at_5', 'maximize'],
  ['test_score', 'maximize'],
  ['neg_mean_squared_error', 'maximize'],
  ['learning_rate', undefined],
  ['loss_scale', undefined],
  ['score_time', undefined],
  ['epoch', undefined],
  ['', undefined],
] as const)('the direction of %s is %s', (name, direction) => expect(guessDirection(name)).toBe(direction))

it('thinning keeps the first, the last, the extremes and a NaN, however often it is done', () => {
  let points: MetricPoint[] = Array.from({ length: 5000 }, (_, step) => ({ step, value: Math.sin(step) }))
  points[1234] = { step: 1234, value: 99 }
  points[4001] = { step: 4001, value: -99 }
  points[17] = { step: 17, value: Number.NaN }
  for (const most of [2000, 300, 12]) {
    points = thinPoints(points, most)
    expect(points.length).toBeLessThanOrEqual(most)
    expect(points.map(({ step }) => step)).toEqual(expect.arrayContaining([0, 17, 1234, 4001, 4999]))
    expect(points.map(({ step }) => step)).toEqual(points.map(({ step }) => step ?? 0).sort((a, b) => a - b))
  }
})

describe('MetricSetBuilder', () => {
  it('takes millions of values in bounded memory and knows how many there were', () => {
    const builder = new MetricSetBuilder()
    for (let step = 0; step < 3_000_000; step++)
      builder.metric(step % 2 ? 'loss' : 'f1', 'events', { step, value: step === 2_777_777 ? -1 : step })
    const { metrics } = builder.build()
    const loss = metrics.get('loss') as MetricSeries
    expect(loss.points.length).toBeLessThan(300_000)
    // As dense at its start as at its end.
    const middle = loss.points.findIndex(({ step }) => (step as number) >= 1_500_000)
    expect(middle / loss.points.length).toBeGreaterThan(0.45)
    expect(middle / loss.points.length).toBeLessThan(0.55)
    const fitted = fitSeries(metrics)
    const text = formatSeriesFile(fitted)
    expect(text.length).toBeLessThanOrEqual(maxSeriesBytes)
    expect(summariseSeries('loss', fitted.get('loss') as MetricSeries)).toMatchObject({
      value: 2_999_999,
      min: -1,
      max: 2_999_999,
      steps: 1_500_000,
      sampledFrom: 1_500_000,
    })
  })
  it('says once what is beyond its bounds', () => {
    const builder = new MetricSetBuilder()
    for (let i = 0; i < 10_005; i++) builder.metric(`m${i}`, 'a.csv', { value: i })
    builder.metric('x'.repeat(600), 'a.csv', { value: 1 })
    builder.parameter('a.csv', '', 1)
    const set = builder.build()
    expect(set.metrics.size).toBe(10_000)
    expect(set.problems.map(({ reason }) => reason)).toEqual([
      'more than 10000 metrics; the others are left out',
      expect.stringMatching(/^a name among the metrics is longer than 512 characters: x+…$/),
      'a name among the parameters is empty',
    ])
  })
})

it('a merge keeps the longer of two that agree, and both of two that differ', () => {
  const set = (points: Record<string, number[]>, source: string) => {
    const builder = new MetricSetBuilder()
    for (const [name, values] of Object.entries(points))
      for (const [step, value] of values.entries()) builder.metric(name, source, { step, value })
    return builder.build()
  }
  const merged = mergeMetricSets([
    set({ f1: [0.8], auc: [0.9] }, 'm.json'),
    set({ f1: [0.7, 0.8], auc: [0.5] }, 'mlflow'),
  ])
  expect([...merged.metrics].map(([name, { source, points }]) => [name, source, points.length])).toEqual([
    ['f1', 'mlflow', 2],
    ['auc', 'm.json', 1],
    ['auc@mlflow', 'mlflow', 1],
  ])
})

describe('a series file', () => {
  const metrics = new Map<string, MetricSeries>([
    ['b "x", y', { source: 's', points: [{ value: 1 }, { value: Number.NaN, time: 1764000000000 }] }],
    [
      'a',
      {
        source: 's',
        points: [
          { value: 1e-7, step: -1 },
          { value: Number.NEGATIVE_INFINITY, step: 2.5, time: 3 },
        ],
      },
    ],
    ['one', { source: 's', points: [{ value: 1 }] }],
    ['__proto__', { source: 's', points: [{ value: 1 }, { value: 2 }] }],
  ])
  const text = formatSeriesFile(fitSeries(metrics))
  it('holds every series of two values or more, sorted by name', () => {
    expect(text).toBe(`metric,step,time,value
__proto__,,,1
__proto__,,,2
a,-1,,1e-7
a,2.5,3,-Infinity
"b ""x"", y",,,1
"b ""x"", y",,1764000000000,NaN
`)
  })
  it('reads back as it was', () => {
    const read = parseSeriesFile(text)
    expect([...read.keys()].sort()).toEqual(['__proto__', 'a', 'b "x", y'])
    for (const [name, points] of read) expect(points).toEqual(metrics.get(name)?.points)
  })
  it('is empty when there is nothing to keep', () => expect(formatSeriesFile(fitSeries(new Map()))).toBe(''))
  it.each([
    ['metric,value\n', 'x:1: expected metric,step,time,value'],
    ['metric,step,time,value\na,,,1\na,,,\n', 'x:3: not a value of a metric'],
    ['metric,step,time,value\na,,,1', 'x:2: not a value of a metric'],
  ])('that is damaged is told with its line', (damaged, message) => {
    expect(() => parseSeriesFile(damaged, 'x')).toThrow(message)
  })
  it('never goes beyond its size, with many metrics and long names', () => {
    const many = new Map(Array.from({ length: 9000 }, (_, i) => [`${'n'.repeat(500)}${i}`, series([1, 2, 3])] as const))
    const fitted = fitSeries(many)
    expect(formatSeriesFile(fitted).length).toBeLessThanOrEqual(maxSeriesBytes)
    expect(fitted.size).toBeGreaterThan(1000)
  })
})
