import { type Figure, fromFigure } from '../../base/figure.ts'
import type { GradedCriterion } from '../../generated/types.ts'
import { type RunView, startOf } from '../../records/run.ts'
import type { Criterion } from './decision.ts'

export type { GradedCriterion }

export interface Grade {
  verdict: 'met' | 'not-met' | 'inconclusive'
  criteria: GradedCriterion[]
}

/**
 * Grades criteria by runs. The newest successful run that has a criterion's metric answers it; without such a run, or
 * without a threshold, the answer is unknown. `before` says whether the criteria are known to be older than a run.
 */
export function gradeCriteria(
  criteria: readonly Criterion[],
  runs: readonly RunView[],
  before: (run: RunView) => boolean | undefined,
): Grade {
  const newest = [...runs].sort((a, b) => (startOf(a.record) < startOf(b.record) ? 1 : -1))
  const graded = criteria.map((criterion) => gradeOne(criterion, newest, before))
  const answers = graded.map(({ answer }) => answer)
  if (answers.includes('not-met')) return { verdict: 'not-met', criteria: graded }
  const met = answers.length > 0 && answers.every((answer) => answer === 'met')
  return { verdict: met ? 'met' : 'inconclusive', criteria: graded }
}

function gradeOne(
  { metric, at_least, at_most }: Criterion,
  runs: readonly RunView[],
  before: (run: RunView) => boolean | undefined,
): GradedCriterion {
  const asked = { metric, ...(at_least !== undefined && { at_least }), ...(at_most !== undefined && { at_most }) }
  const run = runs.find(({ record }) => record.outcome?.status === 'ok' && figureOf(record, metric) !== undefined)
  const value = run && figureOf(run.record, metric)
  if (!run || value === undefined) return { ...asked, answer: 'unknown' }
  const first = before(run)
  return {
    ...asked,
    answer: answer(fromFigure(value), at_least, at_most),
    value,
    run: run.id,
    ...(first !== undefined && { before: first }),
  }
}

function figureOf({ metrics }: RunView['record'], name: string): Figure | undefined {
  return metrics && Object.hasOwn(metrics, name) ? metrics[name]?.value : undefined
}

function answer(value: number, least: number | undefined, most: number | undefined): GradedCriterion['answer'] {
  if (Number.isNaN(value) || (least === undefined && most === undefined)) return 'unknown'
  return value >= (least ?? -Infinity) && value <= (most ?? Infinity) ? 'met' : 'not-met'
}
