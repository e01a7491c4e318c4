import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { cloneOf, gitRepository, TestRepository } from '../support/repository.ts'

const policy = `datasets:
  - name: train
    path: data/train
parameters: [params.yaml]
metrics: [metrics.json]
capture:
  budget: 60
policy:
  roles:
    reviewer: { people: [okafor@example.org] }
  approvals:
    decision: { reviewer: 1 }
  changes:
    - { what: parameters, owes: decision, role: trainer }
`

function person(test: TestRepository, name: string, email: string): TestRepository {
  for (const who of ['AUTHOR', 'COMMITTER'])
    Object.assign(test.env, { [`GIT_${who}_NAME`]: name, [`GIT_${who}_EMAIL`]: email })
  return test
}

/** A bare server, and two people's clones that share provenance there. */
async function team(): Promise<{ mei: TestRepository; okafor: TestRepository }> {
  const first = gitRepository({
    'data/train/a.csv': 'a\n',
    'params.yaml': 'loss: ce\n',
    'prov.yaml': policy,
    '.gitignore': 'metrics.json\n',
  })
  first.git('init', '--quiet', '--bare', '--initial-branch=main', '../hub.git')
  first.git('remote', 'add', 'origin', join(first.path, '../hub.git'))
  first.git('config', 'prov.syncBudget', '30')
  await inProcess(first).ok('init', '--remote', 'origin')
  first.commit('Baseline')
  first.git('push', '--quiet', '--set-upstream', 'origin', 'main')
  await inProcess(first).ok('sync', '--wait')
  const cloned = cloneOf(first)
  const second = new TestRepository(cloned.path, { ...cloned.env })
  second.git('remote', 'set-url', 'origin', join(first.path, '../hub.git'))
  second.git('fetch', '--quiet', 'origin')
  second.git('config', 'prov.syncBudget', '30')
  await inProcess(second).ok('init', '--remote', 'origin')
  return {
    mei: person(first, 'Mei Chen', 'mei@example.org'),
    okafor: person(second, 'R. Okafor', 'okafor@example.org'),
  }
}

const train = (test: TestRepository, f1: number, ...words: string[]) =>
  test.prov('run', '--stage', 'train', ...words, '--', 'sh', '-c', `echo '{"f1": ${f1}}' >metrics.json`).stderr

it('a decision from draft to outcome: failing check, review, squash merge, record, refresh, supersede', async () => {
  const { mei, okafor } = await team()
  train(mei, 0.79)

  // A draft beside the code; the check says what is missing, and who owes it.
  mei.git('checkout', '--quiet', '-b', 'focal')
  const file = (
    await inProcess(mei).ok('decision', 'new', 'Use focal loss for the rare class', '--role', 'trainer', '--no-edit')
  ).trim()
  mei.commit('Focal loss', { 'params.yaml': 'loss: focal\n' })
  const draft = await inProcess(mei).prov('check', '--base', 'origin/main')
  expect(draft.status + draft.stdout).not.toBe(`0`)
  appendFileSync(join(mei.path, file), 'criteria:\n  - metric: f1\n')
  expect((await inProcess(mei).prov('check')).stdout).toMatch(/criteria/)

  // Fixed, proposed, shared for review.
  mei.write({
    [file]:
      'title: Use focal loss for the rare class\nstatus: proposed\nrole: trainer\ncontext: lost among easy examples\nhypotheses:\n  - statement: focal loss helps\ncriteria:\n  - metric: f1\n    at_least: 0.80\nwhy: it weighs easy examples less\n',
  })
  mei.commit('Decide')
  expect(await inProcess(mei).prov('check', '--base', 'origin/main')).toMatchObject({ status: 0 })
  train(mei, 0.83, '--decision', 'use-focal-loss', '--expect', 'metrics.f1 >= 0.8')
  expect(await inProcess(mei).ok('pr', '--base', 'origin/main')).toMatch(
    /0\.83 \| 0\.79[\s\S]*proposed \| `use-focal-loss/,
  )

  // Accepted without an approval the check says no; with one of the reviewer, yes.
  await inProcess(mei).ok('decision', 'accept', 'use-focal')
  mei.commit('Accept')
  expect((await inProcess(mei).prov('check', '--base', 'origin/main')).stdout).toContain(
    '1 approval by a reviewer missing',
  )
  mei.git('push', '--quiet', 'origin', 'focal')
  await inProcess(mei).ok('sync', '--wait')
  okafor.git('fetch', '--quiet', 'origin')
  okafor.git('checkout', '--quiet', 'focal')
  await inProcess(okafor).ok('sync', '--wait')
  await inProcess(okafor).ok('review', 'use-focal', '--approve', '--line', '9', '-m', 'the threshold is right')
  await inProcess(okafor).ok('sync', '--wait')
  await inProcess(mei).ok('sync', '--wait')
  expect(await inProcess(mei).prov('check', '--base', 'origin/main')).toMatchObject({ status: 0 })
  expect(await inProcess(mei).ok('review', 'use-focal')).toContain('R. Okafor approves  line 9')

  // A forge's squash merge; everyone's next pull puts it on the record, once.
  okafor.git('checkout', '--quiet', 'main')
  okafor.git('merge', '--squash', '--quiet', 'focal')
  okafor.git('commit', '--quiet', '-m', 'Use focal loss (#7)\n\nCo-authored-by: Mei Chen <mei@example.org>')
  await inProcess(okafor).ok('log', '-n', '1')
  okafor.git('push', '--quiet', 'origin', 'main')
  await inProcess(okafor).ok('sync', '--wait')
  mei.git('checkout', '--quiet', 'main')
  await inProcess(mei).ok('sync', '--wait')
  mei.git('pull', '--quiet', '--ff-only')
  const shown = await inProcess(mei).ok('decision', 'show', 'use-focal')
  expect(shown).toMatch(/accepted \d{4}-\d\d-\d\d.*reviewed by .*R\. Okafor/)
  const view = JSON.parse(await inProcess(mei).ok('decision', 'show', 'use-focal', '--json'))
  expect(view.events).toMatchObject([{ action: 'recorded', status: 'accepted', pullRequest: 7 }])
  expect(await inProcess(mei).ok('decision', 'outcome', 'use-focal')).toMatch(/met \(f1 0\.83 >= 0\.8, run \w{6}\)/)

  // The data is refreshed: what rests on it says so, and another decision takes its place.
  mei.commit('Relabel', {
    'data/train/b.csv': 'b\n',
    'decisions/2026-11-26-mixup.yaml': 'title: Mixup\nstatus: accepted\ncontext: x\nwhy: y\n',
  })
  await inProcess(mei).ok('log', '-n', '1')
  const impact = await inProcess(mei).prov('impact', 'train')
  expect(impact.status).toBe(1)
  expect(impact.stdout).toMatch(/run {6}\w{6} {2}train {2}ok/)
  await inProcess(mei).ok('decision', 'supersede', 'use-focal', '--by', 'mixup', '-m', 'the labels were the problem')
  expect(JSON.parse(await inProcess(mei).ok('decision', 'show', 'use-focal', '--json')).status).toBe('superseded')
  train(mei, 0.7)
  expect(await inProcess(mei).ok('why', 'params.yaml:1')).toContain('use-focal-loss')
  await inProcess(mei).ok('sync', '--wait')
  await inProcess(okafor).ok('sync', '--wait')
  expect(JSON.parse(await inProcess(okafor).ok('decision', 'show', 'use-focal', '--json')).status).toBe('superseded')
  await inProcess(mei).ok('verify')
  await inProcess(okafor).ok('verify')
})
