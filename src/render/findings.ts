import { escapeLine } from '../base/escape.ts'
import type { Finding } from '../base/finding.ts'
import type { Paint } from './colour.ts'

const marks = { error: '✗', warning: '!', info: '·' } as const

/** One line per finding: mark, place, message, what to run. */
export function renderFindings(findings: readonly Finding[], paint: Paint): string[] {
  return findings.map(({ severity, where, message, hint }) => {
    const mark =
      severity === 'error'
        ? paint.bad(marks.error)
        : severity === 'warning'
          ? paint.commit(marks.warning)
          : paint.dim(marks.info)
    return `${mark} ${escapeLine(where)}: ${escapeLine(message)}${hint ? `; ${escapeLine(hint)}` : ''}`
  })
}
