import type { KindNote } from '../note-lines/kind-note.ts'
import { isCommit } from '../note-lines/line-checks.ts'
import type { Rewrite } from '../record.ts'

/** The note line of a commit for the commits it was rewritten from. */
export interface RewriteNote {
  kind: 'rewrite'
  id: string
  time: string
  by: string
  from: string[]
}

export const rewrite: KindNote<Rewrite, RewriteNote> = {
  line: ({ time, by }, id) => ({ kind: 'rewrite', id, time, by, from: [] }),

  /** At each resulting commit, not at the one checked out at the time. */
  lines(record, id) {
    const lines = new Map<string, RewriteNote>()
    for (const { from, to } of record.rewritten) {
      const line = lines.get(to) ?? rewrite.line(record, id)
      line.from.push(from)
      lines.set(to, line)
    }
    return lines
  },

  read: ({ from }) => Array.isArray(from) && from.every(isCommit),
}
