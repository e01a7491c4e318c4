import type { Decision } from '../../generated/types.ts'

/** What a commit's note says of a decision it brought, or that was acted on at it. */
export interface DecisionNote {
  kind: 'decision'
  id: string
  time: string
  slug: string
  action: string
  status: string
  reviewers?: string[]
}

export function decisionLine({ time, slug, action, status, reviewers }: Decision, id: string): DecisionNote {
  const names = (reviewers ?? []).slice(0, 5).map(({ name }) => name)
  return { kind: 'decision', id, time, slug, action, status, ...(names.length > 0 && { reviewers: names }) }
}

export function isDecisionLine({ slug, action, status, reviewers }: Partial<DecisionNote>): boolean {
  const texts = [slug, action, status].every((text) => typeof text === 'string')
  return (
    texts &&
    (reviewers === undefined || (Array.isArray(reviewers) && reviewers.every((one) => typeof one === 'string')))
  )
}
