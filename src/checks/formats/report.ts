import type { CheckFacts, Problem } from '../../decisions/model/problem.ts'
import type { PlacedProblem } from '../place.ts'
/** The findings of a check, ready to be rendered. */
export interface CheckReport {
  ok: boolean
  problems: readonly PlacedProblem[]
  waived: readonly Problem[]
  facts: Pick<CheckFacts, 'drafts' | 'isFocus' | 'change' | 'head'>
}

export interface CheckStyle {
  colour: boolean
  columns: number
  quiet: boolean
}
