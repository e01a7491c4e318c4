import { expect, it } from 'vitest'
import { findReview, reviewsOf } from '../../src/decisions/review/find-review.ts'
import type { ReviewEvent } from '../../src/records/review.ts'

const review = (id: string, of: string, decision?: string): ReviewEvent => ({
  id,
  of,
  ...(decision && { decision }),
  time: '2026-11-25T09:00:00.000Z',
  verdict: 'comment',
  name: 'Mei Chen',
  email: 'mei@example.org',
})
const reviews = [
  review('aaaa1111', 'file:old', 'use-focal-loss'),
  review('aaaa2222', 'file:new', 'use-focal-loss'),
  review('bbbb1111', 'commit:c0ffee'),
  review('cccc1111', 'file:new', 'another'),
]
const idsOf = (target: Parameters<typeof reviewsOf>[1]) => reviewsOf(reviews, target).map(({ id }) => id)

it('a review can be named by four or more characters of its id', () => {
  expect(findReview(reviews, 'bbbb').of).toBe('commit:c0ffee')
  expect(findReview(reviews, 'aaaa2')).toMatchObject({ of: 'file:new' })
})

it.each([
  ['aaaa', 'ambiguous', "'aaaa' names several reviews"],
  ['bbb', 'unknown-revision', "'bbb' names no review"],
  ['dddd', 'unknown-revision', "'dddd' names no review"],
])('%s does not name exactly one review', (prefix, code, message) => {
  expect(() => findReview(reviews, prefix)).toThrow(expect.objectContaining({ code, message }))
})

it('reviews of a decision are those of every version of its text; of anything else, those of that exact object', () => {
  const decision = { to: 'file:new', label: 'use-focal-loss', decision: { slug: 'use-focal-loss' } }
  expect(idsOf(decision)).toEqual(['aaaa1111', 'aaaa2222', 'cccc1111'])
  expect(idsOf({ to: 'commit:c0ffee', label: 'commit c0ffee' })).toEqual(['bbbb1111'])
  expect(idsOf({ to: 'record:aaaa1111', label: 'record aaaa11' })).toEqual([])
})
