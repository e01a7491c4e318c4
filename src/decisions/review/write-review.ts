import { ProvError } from '../../base/errors.ts'
import type { Context } from '../../context.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { aboutHere } from '../../recording/about-here.ts'
import { record } from '../../recording/record.ts'
import type { Link, Review, StoredRecord } from '../../records/record.ts'
import type { ReviewEvent } from '../../records/review.ts'
import type { ReviewTarget } from './target.ts'

/** A review as typed. */
export interface ReviewDraft {
  verdict: Review['verdict']
  target: ReviewTarget
  /** The review that this one replies to. */
  answered: ReviewEvent | undefined
  text: string | undefined
  /** The value of --line. */
  line: string | undefined
  role: string | undefined
}

/** Records a review. Throws `usage` for what is missing or does not fit its target. */
export async function writeReview(
  context: Context,
  objects: ObjectReader,
  { verdict, target, answered, ...draft }: ReviewDraft,
): Promise<StoredRecord<Review>> {
  const text = draft.text?.trim()
  if (verdict !== 'approve' && !text)
    throw new ProvError('usage', `-m is required: ${verdict === 'comment' ? 'the comment' : 'what should change'}`, {
      hint: "-m '…'",
    })
  const line = draft.line === undefined ? undefined : Number(draft.line)
  if (line !== undefined && (!target.decision || !Number.isInteger(line) || line < 1))
    throw new ProvError('usage', `--line ${draft.line}: not a line of a decision file (the first is 1)`, {
      hint: 'git prov review <decision> --line 14 -m …',
    })
  const links: Link[] = [{ rel: 'reviews', to: target.to }]
  if (answered) links.push({ rel: 'wasInformedBy', to: `record:${answered.id}` })
  const { stored } = await record<Review>(context, objects, {
    kind: 'review',
    ...(draft.role !== undefined && { role: draft.role }),
    about: await aboutHere(context, objects),
    fields: {
      verdict,
      ...(text && { text }),
      ...(target.decision && { decision: target.decision.slug }),
      ...(line !== undefined && { line }),
    },
    links,
  })
  return stored
}
