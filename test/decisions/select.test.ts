import { expect, it } from 'vitest'
import { type DecisionFilter, isWanted } from '../../src/decisions/model/select.ts'
import type { DecisionView } from '../../src/decisions/model/view.ts'

const view: DecisionView = {
  slug: 'use-focal-loss',
  role: 'scientist',
  status: 'accepted',
  revision: 1,
  edited: false,
  events: [],
  problems: [],
  decision: {
    title: 'Use focal loss',
    status: 'accepted',
    deciders: ['Mei Chen <mei@example.org>'],
    follow_ups: [
      { what: 'measure again', owner: 'R. Okafor', due: '2026-12-01' },
      { what: 'tell the annotators', due: '2026-11-01', done: '2026-11-02' },
    ],
  },
}

it.each<[DecisionFilter, string, boolean]>([
  [{}, '2026-11-25', true],
  [{ status: 'accepted', role: 'scientist' }, '2026-11-25', true],
  [{ status: 'draft' }, '2026-11-25', false],
  [{ role: 'reviewer' }, '2026-11-25', false],
  [{ owner: 'MEI' }, '2026-11-25', true],
  [{ owner: 'okafor' }, '2026-11-25', true],
  [{ owner: 'annotators' }, '2026-11-25', false],
  // Due on a day is not overdue on it; what is done is never overdue.
  [{ overdue: true }, '2026-12-01', false],
  [{ overdue: true }, '2026-12-02', true],
  [{ overdue: true, owner: 'nobody' }, '2026-12-02', false],
])('filter %j on %s selects the decision: %s', (filter, today, wanted) => {
  expect(isWanted(view, filter, today)).toBe(wanted)
})

it('a decision without a file has neither an owner nor anything overdue', () => {
  const { decision: _, ...gone } = view
  expect(isWanted(gone, { status: 'accepted' }, '2027-01-01')).toBe(true)
  expect(isWanted(gone, { overdue: true }, '2027-01-01')).toBe(false)
  expect(isWanted(gone, { owner: 'mei' }, '2027-01-01')).toBe(false)
})
