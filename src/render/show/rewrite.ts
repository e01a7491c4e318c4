import { escapeLine } from '../../core/escape.ts'
import type { Rewrite } from '../../core/record.ts'

export function rewriteBody({ by, rewritten }: Rewrite): string[] {
  return [`rewritten by ${escapeLine(by)}:`, ...rewritten.map(({ from, to }) => `    ${from} -> ${to}`)]
}
