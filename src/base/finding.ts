/** One result of a check. `code` is stable, so scripts can match on it. */
export interface Finding {
  code: string
  severity: 'error' | 'warning' | 'info'
  /** What it concerns: a path on the branch, a ref, a file, a commit. */
  where: string
  message: string
  /** The command to run. */
  hint?: string
}

/** Builds a finding of severity error. */
export function finding(code: string, where: string, message: string, hint?: string): Finding {
  return { code, severity: 'error', where, message, ...(hint && { hint }) }
}

/** What status, verify and doctor print with `--json`. */
export interface FindingsView {
  ok: boolean
  findings: Finding[]
}

/** `ok` when every finding is informational. */
export function toFindingsView<Extra extends object>(findings: readonly Finding[], extra: Extra): FindingsView & Extra {
  return { ok: findings.every(({ severity }) => severity === 'info'), findings: [...findings], ...extra }
}
