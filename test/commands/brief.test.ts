import { expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { provRepository } from '../support/repository.ts'

it('git prov brief shows what was said about commits, and writes it', async () => {
  const test = provRepository()
  expect(await inProcess(test).prov('brief')).toMatchObject({
    status: 1,
    stderr: "hint:  git prov brief --outcome '…' --impact '…' --trade-offs '…'\n",
  })
  const base = test.head()
  test.commit('Decide', {
    'decisions/a.yaml':
      'title: Use focal loss\nstatus: proposed\nplanned: Train with it.\nexpected_impact: f1 up\ntrade_offs: [slower]\n',
  })
  test.commit('Train')
  expect(await inProcess(test).ok('brief', '--outcome', 'Train it', '--impact', 'f1 0.8')).toMatch(
    /^prov: brief [0-9a-f]{6} of [0-9a-f]{7}\n$/,
  )
  expect(await inProcess(test).ok('brief', `${base}..HEAD`)).toMatchInlineSnapshot(`
    "**Intended outcome**

    - Train it
    - Use focal loss. Train with it.

    **Expected impact**

    - f1 0.8
    - f1 up

    **Trade-offs**

    slower

    Decisions: a
    "
  `)
  expect(await inProcess(test).ok('brief', `${base}..HEAD`, '--outcome', 'All of it')).toContain(' of 2 commits up to ')
  expect(JSON.parse(await inProcess(test).ok('brief', '--json')).from.briefs).toHaveLength(2)
  expect(await inProcess(test).ok('verify')).toContain('every one matches its name')
})

it.each([
  [['a', 'b'], 'brief takes a commit or a range'],
  [['nope..HEAD'], 'git log failed'],
  [['--impact', 'x'], 'a brief needs an intended outcome'],
  [['--write'], 'a brief needs an intended outcome'],
])('brief %j says what to type', async (words, told) => {
  const result = await inProcess(provRepository()).prov('brief', ...words)
  expect(result.status).toBe(2)
  expect(result.stderr).toContain(told)
})
