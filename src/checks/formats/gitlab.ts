import { digestOf } from '../../base/digest.ts'
import type { CheckReport } from './report.ts'

const severities = { error: 'major', warning: 'minor', info: 'info' } as const

/** GitLab's code quality report, shown in the merge request widget. */
export function render({ problems }: CheckReport): string {
  const issues = problems.map(({ rule, level, where, file, line, message, hint }) => ({
    description: `${message}; ${hint}`,
    check_name: rule,
    fingerprint: digestOf(`${rule} ${where} ${message}`),
    severity: severities[level],
    location: { path: file ?? 'prov.yaml', lines: { begin: line ?? 1 } },
  }))
  return `${JSON.stringify(issues, null, 2)}\n`
}
