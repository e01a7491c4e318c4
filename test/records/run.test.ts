import { describe, expect, it } from 'vitest'
import { formatAgo, formatSeconds } from '../../src/base/duration.ts'
import { formatDelta, formatFigure, toFigure } from '../../src/base/figure.ts'
import { formatNoteLine, noteLines, parseNote } from '../../src/records/note.ts'
import { buildRecord, type Remark, type Replay } from '../../src/records/record.ts'
import { describeRuns } from '../../src/records/run/log.ts'
import {
  answerOf,
  flatParameters,
  foldRuns,
  headlineMetrics,
  type RunView,
  startOf,
  usedInputs,
} from '../../src/records/run.ts'
import { validate } from '../../src/records/validate.ts'
import { aRun } from '../support/runs.ts'

const planned = aRun({ phase: 'planned', outcome: undefined, outputs: undefined }, 1, '2026-11-25T08:00:00.000Z')
const revision = [{ rel: 'wasRevisionOf' as const, to: `record:${planned.id}` }]
const lost = aRun({ outcome: { status: 'lost' }, links: revision }, 1, '2026-11-25T10:00:00.000Z')
const finished = aRun({ links: revision }, 1, '2026-11-25T09:00:00.000Z')
const only = (views: RunView[]) => views[0] as RunView

describe('runs fold', () => {
  it('into one run under the id of its plan, in any order', () => {
    for (const records of [
      [planned, finished],
      [finished, planned],
    ]) {
      const views = foldRuns(records)
      expect(views).toHaveLength(1)
      expect(only(views)).toMatchObject({ id: planned.id, record: { phase: 'finished' } })
    }
  })

  it('a run closed as lost counts as finished once it was', () => {
    expect(only(foldRuns([planned, lost, finished])).record.outcome?.status).toBe('ok')
    expect(only(foldRuns([planned, finished, lost])).record.outcome?.status).toBe('ok')
    expect(only(foldRuns([planned, lost])).record.outcome?.status).toBe('lost')
  })

  it('with the replays and remarks that name any of their records', () => {
    const common = { agent: planned.record.agent, time: planned.record.time }
    const remark = buildRecord<Remark>(
      { kind: 'remark', ...common, lesson: 'x', links: [{ rel: 'annotates', to: `record:${planned.id}` }] },
      new Date(),
    )
    const replay = buildRecord<Replay>(
      {
        kind: 'replay',
        ...common,
        run: planned.id,
        verdict: 'identical',
        isolation: 'worktree',
        environment: { missing: 'x' },
        outputs: [],
        metrics: [],
        causes: [],
        links: [{ rel: 'replays', to: `record:${finished.id}` }],
      },
      new Date(),
    )
    const view = only(foldRuns([remark, replay, finished, planned]))
    expect([view.remarks.length, view.replays.length]).toEqual([1, 1])
  })

  it('oldest first', () => {
    const older = aRun({ started: '2026-11-01T00:00:00.000Z' }, 2)
    expect(foldRuns([planned, older]).map(({ record }) => startOf(record))).toEqual([
      '2026-11-01T00:00:00.000Z',
      '2026-11-25T08:00:00.000Z',
    ])
  })
})

describe('what a run says', () => {
  it.each([
    ['option over command over mlflow over files', { option: 1, command: 2, mlflow: 3, 'params.yaml': 4 }, 1],
    ['mlflow over events over files', { 'params.yaml': 4, mlflow: 3, events: 2 }, 3],
    ['a file where nothing else says', { 'params.yaml': 4 }, 4],
  ])('parameters: %s', (_, given, wanted) => {
    const parameters = Object.fromEntries(Object.entries(given).map(([source, lr]) => [source, { values: { lr } }]))
    expect(flatParameters(aRun({ parameters }).record).get('lr')).toBe(wanted)
  })

  it('shows the metrics something was expected of first', () => {
    const metrics = Object.fromEntries(['a', 'b', 'c', 'd'].map((name) => [name, { value: 1, source: 'm.json' }]))
    const { record } = aRun({ metrics, expectations: [{ expression: 'metrics.d > 0' }] })
    expect(headlineMetrics(record)).toEqual(['d', 'a', 'b'])
  })

  it.each([
    [['met', 'met'], 'met'],
    [['met', 'unknown'], 'unknown'],
    [['met', 'not-met', 'unknown'], 'not-met'],
    [[], undefined],
  ] as const)('answers %j as %s', (answers, wanted) => {
    expect(
      answerOf(aRun({ expectations: answers.map((answer) => ({ expression: 'metrics.a > 0', answer })) }).record),
    ).toBe(wanted)
  })

  it('is valid by its schema, and its note line comes back as it went', async () => {
    const stored = aRun({
      stage: 'train',
      metrics: { f1: { value: 0.83, source: 'metrics.json' }, loss: { value: 'NaN', source: 'metrics.json' } },
      baseline: { reference: 'main', metrics: { f1: 0.79 } },
      usage: { wallSeconds: 42.04 },
      links: revision,
    })
    expect(await validate('run', 1, stored.record)).toEqual([])
    const [line] = [...noteLines(stored).values()]
    expect(parseNote(formatNoteLine(line as never))).toEqual({ lines: [line], skipped: 0 })
    expect(describeRuns([line as never])).toEqual([
      {
        text: `${planned.id.slice(0, 6)}  train  ok  42 s  f1 0.83 (+0.04)  loss NaN`,
        brief: `run:${planned.id.slice(0, 6)} f1 0.83 (+0.04)`,
        time: '2026-11-25T09:00:00.000Z',
      },
    ])
  })
})

it.each([
  [0.42, '0.4 s'],
  [42, '42 s'],
  [59.6, '1 min'],
  [5400, '1.5 h'],
  [200_000, '2.3 d'],
])('%s seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text)
})

it('says how long ago', () => {
  const now = new Date('2026-11-25T09:00:00Z')
  expect(formatAgo(new Date('2026-11-25T08:57:00Z'), now)).toBe('3 min ago')
  expect(formatAgo(now, now)).toBe('just now')
})

it.each([
  [0.83012, '0.8301'],
  [1234, '1234'],
  [1.2e-7, '1.2e-7'],
  [Number.NaN, 'NaN'],
])('%s reads %s', (value, text) => {
  expect(formatFigure(toFigure(value))).toBe(text)
})

it('a difference has its sign', () => {
  expect([formatDelta(0.04), formatDelta(-0.5)]).toEqual(['+0.04', '-0.5'])
})

it.each([
  ['what prov.yaml declares, where nothing else says', ['config', 'config'], [0, 1]],
  ['what an option says', ['config', 'option'], [1]],
  ['what a trace saw', ['trace', 'config'], [0]],
  ['what an import tells', ['dvc'], [0]],
] as const)('a run used %s', (_, declared, used) => {
  const { record } = aRun({
    inputs: declared.map((by, index) => ({ path: `f${index}`, state: 'complete', declared: by })),
  })
  expect(record.inputs.filter(usedInputs(record)).map(({ path }) => path)).toEqual(used.map((index) => `f${index}`))
})
