import type { KindNote } from '../note-lines/kind-note.ts'
import type { Decision } from '../record.ts'

/** The note line of a decision that a commit brought, or that was acted on at it. */
export interface DecisionNote {
  kind: 'decision'
  id: string
  time: string
  slug: string
  action: string
  status: string
  reviewers?: string[]
}

export const decision: KindNote<Decision, DecisionNote> = {
  line({ time, slug, action, status, reviewers }, id) {
    const names = (reviewers ?? []).slice(0, 5).map(({ name }) => name)
    return { kind: 'decision', id, time, slug, action, status, ...(names.length > 0 && { reviewers: names }) }
  },

  read({ slug, action, status, reviewers }) {
    if (![slug, action, status].every((text) => typeof text === 'string')) return false
    return reviewers === undefined || (Array.isArray(reviewers) && reviewers.every((one) => typeof one === 'string'))
  },
}
