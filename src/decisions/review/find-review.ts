import { ProvError } from '../../base/errors.ts'
import type { ReviewEvent } from '../../records/review.ts'
import type { ReviewTarget } from './target.ts'

/** Finds a review by the start of its id. Throws `unknown-revision` or `ambiguous`. */
export function findReview(reviews: readonly ReviewEvent[], prefix: string): ReviewEvent {
  const [found, more] = reviews.filter(({ id }) => prefix.length >= 4 && id.startsWith(prefix))
  if (found && !more) return found
  throw new ProvError(
    found ? 'ambiguous' : 'unknown-revision',
    `'${prefix}' names ${found ? 'several reviews' : 'no review'}`,
    {
      hint: 'git prov review <id> shows the ids',
    },
  )
}

/** Reviews of one thing; of a decision, reviews of every version of its text. */
export function reviewsOf(reviews: readonly ReviewEvent[], { to, decision }: ReviewTarget): ReviewEvent[] {
  return reviews.filter((review) => review.of === to || (decision && review.decision === decision.slug))
}
