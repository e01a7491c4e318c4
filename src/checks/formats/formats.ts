import type { CheckReport, CheckStyle } from './report.ts'

interface CheckFormat {
  render(report: CheckReport, style: CheckStyle): string
}

/** Every output format of a check. */
export const formats: Readonly<Record<string, () => Promise<CheckFormat>>> = {
  text: () => import('./text.ts'),
  json: () => import('./json.ts'),
  sarif: () => import('./sarif.ts'),
  github: () => import('./github.ts'),
  gitlab: () => import('./gitlab.ts'),
}
