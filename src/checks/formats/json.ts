import type { Problem } from '../../decisions/model/problem.ts'
import type { PlacedProblem } from '../place.ts'
import type { CheckReport } from './report.ts'

/** The common shape of every `--json` with findings, with their places. */
export function render({ ok, problems, waived, facts }: CheckReport): string {
  const view = {
    ok,
    findings: problems.map(toFinding),
    waived: waived.map(toFinding),
    decisions: facts.drafts.filter(({ file }) => facts.isFocus(file)).length,
    ...(facts.change && { base: facts.change.base, commits: facts.change.commits.length }),
  }
  return `${JSON.stringify(view, null, 2)}\n`
}

function toFinding({ rule, level, where, file, line, column, message, hint }: PlacedProblem | Problem) {
  return { code: rule, severity: level, where, ...(file !== undefined && { file, line, column }), message, hint }
}
