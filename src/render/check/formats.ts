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

interface CheckFormat {
  render(report: CheckReport, style: CheckStyle): string
}

/** Every form a check can be written in. */
export const formats: Readonly<Record<string, () => Promise<CheckFormat>>> = {
  text: () => import('./text.ts'),
  json: () => import('./json.ts'),
  sarif: () => import('./sarif.ts'),
  github: () => import('./github.ts'),
  gitlab: () => import('./gitlab.ts'),
}
