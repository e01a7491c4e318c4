import { describe, expect, it } from 'vitest'
import { pullRequestOf, reviewersOf } from '../../src/decisions/model/merged.ts'
import { missingApprovals, type ReviewEvent, threads, verdicts } from '../../src/records/review.ts'

it.each([
  ['Merge pull request #12 from mei/focal\n\nFocal loss', 12],
  ['Focal loss (#7)\n\n* first\n* second', 7],
  ["Merge branch 'focal' into 'main'\n\nFocal loss\n\nSee merge request team/model!31", 31],
  ['Merged PR 45: Focal loss', 45],
  ['Merged in focal (pull request #3)', 3],
  ['Fix #12', undefined],
  ['Focal loss', undefined],
])('pull request of %j', (message, number) => {
  expect(pullRequestOf(message)).toBe(number)
})

it('reviewers by their trailers, each once, reviewing before authoring', () => {
  const squash =
    'Focal loss (#7)\n\nCo-authored-by: R. Okafor <r@example.org>\nReviewed-by: R. Okafor <R@example.org>\nAcked-by: Eve\n'
  expect(reviewersOf([squash, 'x\n\nReviewed-by: Jo <jo@example.org>\n'])).toEqual([
    { name: 'R. Okafor', email: 'R@example.org', from: 'reviewed-by' },
    { name: 'Eve', from: 'acked-by' },
    { name: 'Jo', email: 'jo@example.org', from: 'reviewed-by' },
  ])
})

const said = (
  n: number,
  email: string,
  verdict: ReviewEvent['verdict'],
  more: Partial<ReviewEvent> = {},
): ReviewEvent => ({
  id: `${n}`.repeat(64),
  time: `2026-11-25T09:00:0${n}.000Z`,
  name: email,
  of: 'file:x',
  email,
  verdict,
  ...more,
})

describe('reviews', () => {
  it('the last verdict of a person counts, and a comment does not withdraw it', () => {
    const reviews = [
      said(3, 'a', 'comment'),
      said(1, 'a', 'request-changes'),
      said(2, 'a', 'approve'),
      said(1, 'b', 'approve'),
    ]
    expect(verdicts(reviews).map(({ email, verdict }) => `${email} ${verdict}`)).toEqual(['a approve', 'b approve'])
  })

  it('approvals are counted by role', () => {
    const people = (role: string) => (role === 'reviewer' ? ['a', 'b'] : [])
    const reviews = [said(1, 'A', 'approve'), said(2, 'c', 'approve', { role: 'evaluator' })]
    expect(missingApprovals({ reviewer: 2, evaluator: 1, trainer: 1 }, reviews, people)).toEqual({
      reviewer: 1,
      trainer: 1,
    })
  })

  it('replies are below what they answer, whatever the clocks say', () => {
    const first = said(2, 'a', 'comment')
    const answer = said(1, 'b', 'comment', { answers: first.id })
    const lost = said(3, 'c', 'comment', { answers: '9'.repeat(64) })
    expect(threads([answer, lost, first]).map(({ review, depth }) => [review.email, depth])).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 0],
    ])
  })
})
