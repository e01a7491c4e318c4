import { expect, it } from 'vitest'
import { type Brief, buildRecord, type Waiver } from '../../src/records/record.ts'
import { renderRecord } from '../../src/records/show-record.ts'
import { painter } from '../../src/render/colour.ts'
import { aDecision } from '../support/decisions.ts'

const { agent, about } = aDecision().record
const time = new Date('2026-11-25T09:00:00Z')
const bodyOf = (stored: Parameters<typeof renderRecord>[0]['stored']) => {
  const lines = renderRecord({ stored, environment: undefined } as Parameters<typeof renderRecord>[0], painter(false))
  return lines.slice(lines.indexOf('') + 1)
}

it('git prov show tells of decisions, briefs and waivers in words', () => {
  const decision = { title: 'Use focal\u001b loss', status: 'accepted' as const, why: 'rare class' }
  expect(
    bodyOf(aDecision({ decision, pullRequest: 7, reviewers: [{ name: 'R. Okafor', from: 'reviewed-by' }] })),
  ).toEqual([
    'use-focal-loss  recorded, accepted, revision 1',
    'decisions/2026-11-23-use-focal-loss.yaml',
    'pull request 7',
    'reviewer  R. Okafor (reviewed-by)',
    '',
    'Use focal\\x1b loss',
    '',
    'Why',
    '  rare class',
  ])
  expect(bodyOf(buildRecord<Brief>({ kind: 'brief', agent, about, outcome: 'Train', impact: 'f1\nup' }, time))).toEqual(
    ['intended outcome', '  Train', '', 'expected impact', '  f1', '  up'],
  )
  const waiver = { kind: 'waiver' as const, agent, rule: 'schema', where: 'a', why: 'later', expires: '2026-12-01' }
  expect(bodyOf(buildRecord<Waiver>(waiver, time))).toEqual(['schema is waived for a until 2026-12-01', '', 'later'])
})
