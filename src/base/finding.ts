/** Something a check has to say. `code` is stable and can be matched by scripts. */
export interface Finding {
  code: string
  severity: 'error' | 'warning' | 'info'
  /** What it is about: a path on the branch, a ref, a file, a commit. */
  where: string
  message: string
  /** What to type. */
  hint?: string
}

/** An error found: what it is about, what is wrong with it, what to type. */
export function finding(code: string, where: string, message: string, hint?: string): Finding {
  return { code, severity: 'error', where, message, ...(hint && { hint }) }
}

/** What `--json` of status, verify and doctor prints. */
export interface FindingsView {
  ok: boolean
  findings: Finding[]
}

/** ok: nothing above a remark was found. */
export function toFindingsView<Extra extends object>(findings: readonly Finding[], extra: Extra): FindingsView & Extra {
  return { ok: findings.every(({ severity }) => severity === 'info'), findings: [...findings], ...extra }
}
