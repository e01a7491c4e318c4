import { type Finding, type FindingsView, toFindingsView } from '../base/finding.ts'
import type { Paint } from '../render/colour.ts'
import { renderFindings } from '../render/findings.ts'
import type { Problem } from './problem.ts'

/** The output of `git prov doctor --json`. */
export interface DoctorView extends FindingsView {
  /** What was fixed, one line each. */
  mended: string[]
}

/** `problems` are the remaining ones. */
export function doctorView(problems: readonly Problem[], fixed: readonly Finding[]): DoctorView {
  const findings = problems.map(({ fix, ...finding }) => finding)
  return toFindingsView(findings, { mended: fixed.map(({ where, message }) => `fixed: ${where}: ${message}`) })
}

export function renderDoctor({ findings, mended }: DoctorView, paint: Paint): string {
  const lines = [...mended, ...renderFindings(findings, paint)]
  if (findings.length === 0) lines.push('prov: no problems found')
  return `${lines.join('\n')}\n`
}
