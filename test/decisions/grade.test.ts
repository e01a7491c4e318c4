import { describe, expect, it } from 'vitest'
import { searchLessons } from '../../src/decisions/lessons/lesson.ts'
import type { Criterion } from '../../src/decisions/model/decision.ts'
import { gradeCriteria } from '../../src/decisions/model/grade.ts'
import { foldRuns } from '../../src/records/run.ts'
import { aRun } from '../support/runs.ts'

const run = (n: number, f1: number | 'NaN', status: 'ok' | 'failed' = 'ok') =>
  aRun(
    {
      started: `2026-11-2${n}T09:00:00.000Z`,
      outcome: { status },
      metrics: { f1: { value: f1, source: 'm.json' } },
    },
    n,
  )
const grade = (criteria: Criterion[], runs: ReturnType<typeof aRun>[], before?: boolean) =>
  gradeCriteria(criteria, foldRuns(runs), () => before)

describe('criteria are graded by the newest successful run', () => {
  it.each([
    ['met', [{ metric: 'f1', at_least: 0.8 }], [run(1, 0.7), run(2, 0.83)]],
    ['not-met', [{ metric: 'f1', at_least: 0.8 }], [run(1, 0.83), run(2, 0.7)]],
    ['met', [{ metric: 'f1', at_least: 0.8 }], [run(1, 0.83), run(2, 0.1, 'failed')]],
    ['met', [{ metric: 'f1', at_most: 0.83, at_least: 0.83 }], [run(1, 0.83)]],
    [
      'inconclusive',
      [
        { metric: 'f1', at_least: 0.8 },
        { metric: 'auc', at_least: 0.8 },
      ],
      [run(1, 0.83)],
    ],
    [
      'not-met',
      [
        { metric: 'f1', at_least: 0.9 },
        { metric: 'auc', at_least: 0.8 },
      ],
      [run(1, 0.83)],
    ],
    ['inconclusive', [{ metric: 'f1' }], [run(1, 0.83)]],
    ['inconclusive', [{ metric: 'f1', at_least: 0.8 }], [run(1, 'NaN')]],
    ['inconclusive', [{ metric: 'toString', at_least: 0.8 }], [run(1, 0.83)]],
    ['inconclusive', [{ metric: 'f1', at_least: 0.8 }], []],
    ['inconclusive', [], [run(1, 0.83)]],
  ] as const)('%s', (verdict, criteria, runs) => {
    expect(grade([...criteria] as Criterion[], [...runs]).verdict).toBe(verdict)
  })

  it('and give the figure, the run, and whether the criterion came first', () => {
    const one = run(1, 0.83)
    expect(grade([{ metric: 'f1', at_least: 0.8 }], [one], false).criteria).toEqual([
      { metric: 'f1', at_least: 0.8, answer: 'met', value: 0.83, run: one.id, before: false },
    ])
  })
})

it('lessons match when they contain every word, newest first', () => {
  const lessons = [
    { when: '2026-11-01', who: 'Mei', from: 'run abcdef', lesson: 'Focal loss needs warm-up' },
    { when: '2026-11-03', who: 'Jo', from: 'decision mixup', failure: 'focal loss diverged' },
    { when: '2026-11-04', who: 'Jo', from: 'run 012345' },
  ]
  expect(searchLessons(lessons, ['FOCAL', 'loss']).map(({ who }) => who)).toEqual(['Jo', 'Mei'])
  expect(searchLessons(lessons, ['focal', 'warm'])).toHaveLength(1)
  expect(searchLessons(lessons, [])).toHaveLength(2)
})
