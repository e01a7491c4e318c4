import { expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { decisionEvents } from '../../src/decisions/model/event.ts'
import { foldDecisions } from '../../src/decisions/model/view.ts'
import { ObjectReader } from '../../src/git/objects/objects.ts'
import { locateRepository } from '../../src/git/repository.ts'
import { append } from '../../src/ledger/append/fold.ts'
import { readKind } from '../../src/ledger/index/kind-index.ts'
import { knownPolicies } from '../../src/ledger/index/known-policies.ts'
import { buildRecord, type Policy } from '../../src/records/record.ts'
import { aDecision } from '../support/decisions.ts'
import { provRepository } from '../support/repository.ts'

const options = () => ({ ident: 'Mei <mei@example.org> 1764060000 +0000', deadline: Date.now() + 5000 })

it('decision records are read once for each state of the branch, and fold over the files', async () => {
  const test = provRepository()
  const repository = locateRepository(test.path, test.env)
  const read = async () => {
    const objects = new ObjectReader(repository)
    const events = await readKind(repository, objects, decisionEvents)
    objects.close()
    return events
  }
  expect(await read()).toEqual([])
  const first = aDecision({}, '2026-11-25T09:00:00.000Z')
  await append(repository, [{ record: first }], options())
  expect(await read()).toMatchObject([{ id: first.id, slug: 'use-focal-loss', title: 'Use focal loss', revision: 1 }])
  const withdrawn = aDecision(
    {
      action: 'withdrawn',
      status: 'withdrawn',
      reason: 'no gain',
      decision: undefined as never,
      digest: undefined as never,
      file: undefined as never,
    },
    '2026-11-25T10:00:00.000Z',
  )
  await append(repository, [{ record: withdrawn }], options())
  const events = await read()
  const draft = {
    file: 'decisions/2026-11-23-use-focal-loss.yaml',
    slug: 'use-focal-loss',
    digest: 'd'.repeat(64),
    problems: [],
  }
  expect(foldDecisions([draft], events)).toMatchObject([
    { status: 'withdrawn', edited: false, title: 'Use focal loss' },
  ])
  expect(
    foldDecisions([{ ...draft, digest: 'e'.repeat(64), decision: { title: 'a', status: 'proposed' } }], events),
  ).toMatchObject([{ status: 'proposed', edited: true, title: 'a' }])
  expect(test.ok('verify')).toContain('every one matches its name')
})

it('a policy that is on the branch is known by its digest', async () => {
  const test = provRepository()
  const repository = locateRepository(test.path, test.env)
  const objects = new ObjectReader(repository)
  const { about, agent } = aDecision().record
  const content = { approvals: { release: { 'release-owner': 1 } } }
  const digest = digestOf(`${JSON.stringify(content, null, 2)}\n`)
  expect(await knownPolicies(repository, objects)).toEqual([])
  const policy = buildRecord<Policy>({ kind: 'policy', about, agent, digest, content }, new Date(1764060000000))
  await append(repository, [{ record: policy }], options())
  const fresh = new ObjectReader(repository)
  expect(await knownPolicies(repository, fresh)).toEqual([digest])
  for (const reader of [objects, fresh]) reader.close()
})
