import { escapeText } from '../../base/escape.ts'
import { formatBytes } from '../../base/quantity.ts'
import type { Redaction } from '../../records/record.ts'
import type { KindShow } from '../kind-show.ts'

export const redaction: KindShow<Redaction> = { body: redactionBody }

/** A tombstone: what was removed, what replaces it, and how history was rewritten. */
function redactionBody({ files, reason, rewriting }: Redaction): string[] {
  return [
    ...files.map(({ path, bytes, replacedBy }) => {
      const instead = replacedBy ? `, now record ${replacedBy.slice(0, 12)}` : ''
      return `gone  ${path}${bytes === undefined ? '' : ` (${formatBytes(bytes)})`}${instead}`
    }),
    ...(rewriting ? [`history  ${rewriting.from.slice(0, 12)} became ${rewriting.to.slice(0, 12)}`] : []),
    ...(reason ? ['', ...escapeText(reason).split('\n')] : []),
  ]
}
