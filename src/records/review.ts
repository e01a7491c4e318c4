import type { Review, StoredRecord } from './record.ts'

/** A review, as kept in the index. */
export interface ReviewEvent {
  id: string
  time: string
  verdict: Review['verdict']
  name: string
  email: string
  role?: string
  text?: string
  decision?: string
  line?: number
  /** What it is about, as its link says: record:…, file:… or commit:…. */
  of: string
  /** Id of the review it answers. */
  answers?: string
}

/** For ledger/kind-index.ts. */
export const reviewEvents = {
  kind: 'review',
  version: 1,
  project: ({ id, record }: StoredRecord<Review>): ReviewEvent => {
    const link = (rel: string) => record.links.find((one) => one.rel === rel)?.to
    const { time, verdict, agent, text, decision, line } = record
    const answers = link('wasInformedBy')?.slice('record:'.length)
    return {
      id,
      time,
      verdict,
      name: agent.name,
      email: agent.email,
      of: link('reviews') ?? '',
      ...(agent.role && { role: agent.role }),
      ...(text && { text }),
      ...(decision && { decision }),
      ...(line !== undefined && { line }),
      ...(answers && { answers }),
    }
  },
} as const

/** Each reviewer's latest verdict: approve or request-changes. A comment does not withdraw one. */
export function verdicts(reviews: readonly ReviewEvent[]): ReviewEvent[] {
  const last = new Map<string, ReviewEvent>()
  for (const review of inOrder(reviews)) if (review.verdict !== 'comment') last.set(review.email.toLowerCase(), review)
  return [...last.values()]
}

function inOrder(reviews: readonly ReviewEvent[]): ReviewEvent[] {
  return [...reviews].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.id < b.id ? -1 : 1))
}

/** Required approvals that are missing, by role, e.g. `{reviewer: 1}`. `people`: addresses by role. */
export function missingApprovals(
  wanted: Readonly<Record<string, number>>,
  reviews: readonly ReviewEvent[],
  people: (role: string) => readonly string[],
): Record<string, number> {
  const approving = verdicts(reviews).filter(({ verdict }) => verdict === 'approve')
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([role, count]) => {
      const held = people(role).map((address) => address.toLowerCase())
      const has = approving.filter(
        ({ email, role: as }) => held.includes(email.toLowerCase()) || (held.length === 0 && as === role),
      )
      return has.length < count ? [[role, count - has.length] as const] : []
    }),
  )
}

/** Reviews as threads: each top-level review, followed by its replies one level deeper. */
export function threads(reviews: readonly ReviewEvent[]): { review: ReviewEvent; depth: number }[] {
  const ordered = inOrder(reviews)
  const ids = new Set(ordered.map(({ id }) => id))
  const below = (parent: string | undefined, depth: number): { review: ReviewEvent; depth: number }[] =>
    depth > 50
      ? []
      : ordered
          .filter(({ answers }) => (answers && ids.has(answers) ? answers : undefined) === parent)
          .flatMap((review) => [{ review, depth }, ...below(review.id, depth + 1)])
  return below(undefined, 0)
}
