import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { provRepository, type TestRepository } from '../support/repository.ts'

const decision = (title: string, more = '') =>
  `title: ${title}\nstatus: accepted\ncontext: x\nwhy: the rare class is lost\n${more}`
const stable = (output: string) =>
  output
    .replace(/\b[0-9a-f]{7}\b/g, '<oid>')
    .replace(/\b[0-9a-f]{6}\b/g, '<id>')
    .replace(/\d{4}-\d\d-\d\d/g, '<day>')

function history(): TestRepository {
  const test = provRepository({ 'data/train/a.csv': 'a\n', 'params.yaml': 'lr: 0.1\n', 'train.py': 'one\n' })
  test.git('checkout', '--quiet', '-b', 'focal')
  test.commit('Decide', { 'decisions/2026-11-23-focal.yaml': decision('Use focal loss') })
  test.commit('Focal loss\n\nThe rare class needs it.\n\nReviewed-by: Jo <jo@example.org>', {
    'train.py': 'one\ntwo\n',
  })
  test.git('checkout', '--quiet', 'main')
  test.git('merge', '--quiet', '--no-ff', '-m', 'Merge pull request #5 from mei/focal', 'focal')
  test.commit('Slower', { 'params.yaml': 'lr: 0.01\n' })
  return test
}

describe('git prov why', () => {
  const test = history()

  it('a line: the commit that changed it, and the merge that brought a decision with it', async () => {
    expect(stable(await inProcess(test).ok('why', 'train.py:2'))).toMatchInlineSnapshot(`
      "train.py:2
          two

      commit   <oid>  Focal loss  <day>
          the commit itself
          The rare class needs it.
      decision focal  Use focal loss (accepted)  <day>
          in merge <oid>, which brought commit <oid>
          the rare class is lost
      commit   <oid>  Merge pull request #5 from mei/focal
          in merge <oid>, which brought commit <oid>
      "
    `)
    expect(await inProcess(test).prov('why', 'train.py:9')).toMatchObject({
      status: 2,
      stderr: 'error: train.py has only 2 lines\nhint:  git prov why train.py:2\n',
    })
  })

  it('a line that is not committed yet, and one that nothing explains', async () => {
    const bare = provRepository({ 'a.py': 'x\n' })
    bare.write({ 'a.py': 'x\ny\n' })
    const result = await inProcess(bare).prov('why', 'a.py:2')
    expect(result.status).toBe(1)
    expect(result.stdout).toContain('a.py:2  not committed yet\n    y\n')
    expect((await inProcess(bare).prov('why', 'a.py:1')).stdout).toContain('no decision, brief or run explains it')
  })

  it('a file, a commit, a parameter, a dataset', async () => {
    const slugs = async (word: string) =>
      JSON.parse((await inProcess(test).prov('why', word, '--json')).stdout).reasons.map(
        ({ kind, id }: { kind: string; id: string }) => `${kind} ${kind === 'decision' ? id : ''}`.trim(),
      )
    expect(await slugs('train.py')).toContain('decision focal')
    expect(await slugs('HEAD~1')).toContain('decision focal')
    expect((await slugs('lr')).slice(0, 1)).toEqual(['commit'])
    test.commit('Relabel', {
      'data/train/a.csv': 'b\n',
      'decisions/2026-11-24-labels.yaml': decision('Relabel', 'evidence:\n  - dataset: train\n'),
    })
    expect((await slugs('train'))[0]).toBe('decision labels')
  })

  it('an unknown word is reported', async () => {
    expect(await inProcess(test).prov('why', 'nothing-here')).toMatchObject({
      status: 2,
      stderr:
        "error: 'nothing-here' is not a file, dataset, commit or parameter here\nhint:  git prov why <file>[:<line>] | <commit> | <parameter> | <dataset>\n",
    })
    expect((await inProcess(test).prov('why')).stderr).toContain('why takes one file')
  })
})
