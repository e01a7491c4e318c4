import { escapeLine } from '../../base/escape.ts'
import type { KindShow } from '../kind-show.ts'
import type { Rewrite } from '../record.ts'

export const rewrite: KindShow<Rewrite> = { body: rewriteBody }

function rewriteBody({ by, rewritten }: Rewrite): string[] {
  return [`rewritten by ${escapeLine(by)}:`, ...rewritten.map(({ from, to }) => `    ${from} -> ${to}`)]
}
