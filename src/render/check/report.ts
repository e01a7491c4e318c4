import type { PlacedProblem } from '../../core/check/place.ts'
import type { CheckFacts, Problem } from '../../core/check/rule.ts'
/** What a check found, ready to be written. */
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
