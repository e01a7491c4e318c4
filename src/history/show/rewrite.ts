import { escapeLine } from '../../base/escape.ts'
import type { Rewrite } from '../../records/record.ts'

export function rewriteBody({ by, rewritten }: Rewrite): string[] {
  return [`rewritten by ${escapeLine(by)}:`, ...rewritten.map(({ from, to }) => `    ${from} -> ${to}`)]
}
