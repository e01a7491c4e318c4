import { formatFigure } from '../../base/figure.ts'
import type { GradedCriterion } from '../model/grade.ts'

/** `met (f1 0.83 >= 0.8, run 7c1f9e)`. Not escaped yet. */
export function describeGrade({
  verdict,
  criteria,
}: {
  verdict: string
  criteria: readonly GradedCriterion[]
}): string {
  const parts = criteria.map(describeCriterion)
  return `${verdict.replace('-', ' ')}${parts.length > 0 ? ` (${parts.join('; ')})` : ''}`
}

function describeCriterion({ metric, at_least, at_most, value, run, before }: GradedCriterion): string {
  const bounds = [at_least !== undefined && `>= ${at_least}`, at_most !== undefined && `<= ${at_most}`].filter(Boolean)
  const figure = value === undefined ? 'not measured' : formatFigure(value)
  const order =
    before === false ? ', the criterion came after' : before === undefined && run ? ', order not proven' : ''
  return `${metric} ${figure} ${bounds.join(' and ')}${run ? `, run ${run.slice(0, 6)}${order}` : ''}`.replace(
    / +/g,
    ' ',
  )
}
