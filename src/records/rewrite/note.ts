import type { KindNote } from '../note-lines/kind-note.ts'
import { isCommit } from '../note-lines/line-checks.ts'
import type { Rewrite } from '../record.ts'

/** What the note of a commit says of those it was rewritten from. */
export interface RewriteNote {
  kind: 'rewrite'
  id: string
  time: string
  by: string
  from: string[]
}

export const rewrite: KindNote<Rewrite, RewriteNote> = {
  line: ({ time, by }, id) => ({ kind: 'rewrite', id, time, by, from: [] }),

  /** At each commit that came of it, not at the one that was checked out then. */
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
