import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { provRepository, type TestRepository } from '../support/repository.ts'

const stable = (text: string) => text.replace(/\b[0-9a-f]{6}\b/g, '<id>')

/** Data, a model made of it, an evaluation of the model, a decision on each, a release; then the data is refreshed. */
async function refreshed(): Promise<TestRepository> {
  const test = provRepository({
    'data/train/a.csv': 'a\n',
    '.gitignore': '*.pkl\n*.json\n',
    'prov.yaml': 'datasets:\n  - name: train\n    path: data/train\ncapture:\n  budget: 60\n',
  })
  const run = (stage: string, input: string, output: string) => {
    const script = `echo ${stage} >${output}`
    const { stderr } = test.prov('run', '--stage', stage, '-i', input, '-o', output, '--', 'sh', '-c', script)
    return stderr.match(/prov: run (\w{6})/)?.[1] as string
  }
  run('train', 'data/train', 'model.pkl')
  const evaluated = run('evaluate', 'model.pkl', 'report.json')
  const digest = (await inProcess(test).log('-n', '1'))[0].datasets.train.digest
  const text = (evidence: string) => `title: x\nstatus: accepted\ncontext: x\nwhy: y\nevidence:\n  - ${evidence}\n`
  test.commit('Decide', {
    'decisions/2026-11-01-labels.yaml': text(`{ dataset: train, digest: ${digest} }`),
    'decisions/2026-11-02-ship.yaml': text(`run: ${evaluated}`),
    'decisions/2026-11-03-other.yaml': text(`commit: ${test.head()}`),
  })
  test.git('tag', 'v1')
  return test
}

describe('a refreshed dataset', async () => {
  const test = await refreshed()

  it('affects nothing before it changes', async () => {
    expect(await inProcess(test).ok('impact', 'train')).toBe('prov: nothing rests on earlier versions of train\n')
    expect(await inProcess(test).ok('decision', 'list', '--stale')).toMatch(/^prov: none of \d+ decisions? match\n$/)
  })

  it('affects runs, decisions and releases, each with the path in between', async () => {
    test.commit('Refresh', { 'data/train/b.csv': 'b\n' })
    const result = await inProcess(test).prov('impact', 'train')
    expect(result.status).toBe(1)
    expect(stable(result.stdout)).toMatchInlineSnapshot(`
      "train <id> -> <id>
      run      <id>  train  ok  train <id>  > model.pkl <id>
      run      <id>  evaluate  ok  train <id> > model.pkl <id>  > report.json <id>
      decision labels  accepted  rests on  train <id>
      decision ship  accepted  rests on run <id>, which used  train <id> > model.pkl <id>
      release  v1  train <id>
      prov: 2 runs, 2 decisions, 1 release
      "
    `)
    const old = result.stdout.match(/^train (\w{6})/)?.[1] as string
    expect((await inProcess(test).prov('impact', `train@${old}..`)).stdout).toBe(result.stdout)
    expect((await inProcess(test).prov('impact', 'train@beef..')).stdout).toBe(
      'prov: nothing rests on earlier versions of train\n',
    )
    expect(JSON.parse((await inProcess(test).prov('impact', 'train', '--json')).stdout)).toMatchObject({
      dataset: 'train',
      releases: [{ tag: 'v1' }],
    })
  })

  it('makes decisions stale wherever they are shown', async () => {
    expect(stable(await inProcess(test).ok('decision', 'show', 'labels'))).toContain(
      'evidence: dataset train <id> STALE (now <id>)\n',
    )
    expect(
      (await inProcess(test).ok('decision', 'list', '--stale')).split('\n').map((line) => line.split(' ')[0]),
    ).toEqual(['labels', 'ship', ''])
    expect((await inProcess(test).prov('check')).stdout).toContain('evidence[0] is stale: dataset train was')
  })

  it('an unknown dataset is reported', async () => {
    expect(await inProcess(test).prov('impact', 'trian')).toMatchObject({
      status: 2,
      stderr: "error: there is no dataset 'trian' at HEAD, and no run used one\nhint:  did you mean 'train'?\n",
    })
    expect((await inProcess(test).prov('impact')).stderr).toContain('impact takes one dataset')
  })
})
