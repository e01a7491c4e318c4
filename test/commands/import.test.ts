import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { cloneOf, gitRepository, provRepository, type TestRepository } from '../support/repository.ts'

const md5 = (text: string) => createHash('md5').update(text).digest('hex')
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

interface Imported {
  imported: { key: string; notes?: string[] }
  about?: { commit: string }
  [member: string]: unknown
}

function runs(test: TestRepository): Imported[] {
  return test
    .branch('records/run/')
    .map((path) => JSON.parse(test.git('show', `prov:${path}`)) as Imported)
    .sort((a, b) => (a.imported.key < b.imported.key ? -1 : 1))
}

describe('git prov import dvc', () => {
  const script = 'print(1)\n'
  const lock = (lr: number, scriptMd5 = md5(script)) => `schema: '2.0'
stages:
  prepare:
    cmd: python prepare.py
    outs:
    - path: data
      md5: ${'a'.repeat(32)}.dir
      size: 7
      nfiles: 2
  train:
    cmd: python train.py --lr ${lr}
    deps:
    - path: train.py
      md5: ${scriptMd5}
      size: 9
    params:
      params.yaml:
        lr: ${lr}
    outs:
    - path: metrics.json
      md5: ${md5(`{"f1": ${lr}}`)}
`
  const files = (lr: number) => ({
    'dvc.yaml': 'stages:\n  train:\n    cmd: python train.py\n    metrics:\n    - metrics.json: {cache: false}\n',
    'dvc.lock': lock(lr),
    'train.py': script,
    'params.yaml': `lr: ${lr}\nother: 3\n`,
    'metrics.json': `{"f1": ${lr}}`,
  })

  async function history() {
    const test = gitRepository()
    const first = test.commit('One', files(0.1))
    const second = test.commit('Two', files(0.2))
    test.commit('Nothing of DVC', { 'README.md': 'x\n' })
    // An experiment that is on no branch.
    test.git('checkout', '--quiet', '--detach', second)
    const experiment = test.commit('Experiment', files(0.3))
    test.git('update-ref', 'refs/exps/06/ea4898/tall-wolf', experiment)
    test.git('checkout', '--quiet', 'main')
    await inProcess(test).ok('init')
    return { test, first, second, experiment }
  }

  it('makes a run of each stage whose entry changed, on any ref; importing twice adds nothing', async () => {
    const { test, first, second, experiment } = await history()
    expect(await inProcess(test).ok('import', 'dvc', '--dry-run')).toMatch(/^prov: 4 runs would be imported from dvc\n/)
    expect(test.branch('records/run/')).toEqual([])
    expect(await inProcess(test).ok('import', 'dvc')).toBe('prov: 4 runs imported from dvc\n')
    expect(await inProcess(test).ok('import', 'dvc')).toBe('prov: 0 runs imported from dvc, 4 were here already\n')
    expect(runs(test).map(({ imported }) => imported.key)).toEqual(
      [
        `${first}:dvc.lock:prepare`,
        `${first}:dvc.lock:train`,
        `${second}:dvc.lock:train`,
        `${experiment}:dvc.lock:train`,
      ].sort(),
    )
    await inProcess(test).ok('verify')
  })

  it('keeps commands, parameters, metrics and digests; a SHA-256 only if the content proves it', async () => {
    const { test, second } = await history()
    await inProcess(test).ok('import', 'dvc')
    const train = runs(test).find(({ imported }) => imported.key === `${second}:dvc.lock:train`)
    expect(train).toMatchObject({
      stage: 'train',
      command: ['python', 'train.py', '--lr', '0.2'],
      about: { commit: second },
      agent: { name: 'Mei Chen', email: 'mei@example.org' },
      environment: { missing: 'dvc does not record it' },
      inputs: [{ path: 'train.py', digest: sha256(script), aliases: { md5: md5(script) }, declared: 'dvc' }],
      outputs: [{ path: 'metrics.json', digest: sha256('{"f1": 0.2}') }],
      parameters: { 'params.yaml': { digest: sha256('lr: 0.2\nother: 3\n'), values: { lr: 0.2, other: 3 } } },
      metrics: { f1: { value: 0.2, source: 'metrics.json' } },
      outcome: { status: 'ok' },
    })
    const prepare = runs(test).find(({ stage }) => stage === 'prepare')
    expect(prepare?.outputs).toEqual([
      {
        path: 'data',
        state: 'complete',
        declared: 'dvc',
        files: 2,
        bytes: 7,
        aliases: { md5: `${'a'.repeat(32)}.dir` },
      },
    ])
  })

  it('reports where the lock and the files of the commit disagree', async () => {
    const test = provRepository()
    test.commit('One', { ...files(0.1), 'params.yaml': 'lr: 0.5\n', 'dvc.lock': lock(0.1, 'c'.repeat(32)) })
    await inProcess(test).ok('import', 'dvc')
    const train = runs(test).find(({ stage }) => stage === 'train')
    expect(train?.imported.notes).toContain('params.yaml at the commit has other values: lr')
    expect(train).toMatchObject({ parameters: { 'params.yaml': { values: { lr: 0.1 } } } })
    expect(train?.inputs).toEqual([
      { path: 'train.py', state: 'complete', declared: 'dvc', bytes: 9, aliases: { md5: 'c'.repeat(32) } },
    ])
  })

  it('skips a lock it cannot read, and commits whose parents a shallow clone lacks', async () => {
    const test = provRepository()
    test.commit('Damaged', { 'dvc.lock': 'stages: [\n' })
    expect(await inProcess(test).ok('import', 'dvc')).toMatch(
      /0 runs imported from dvc\n {2}left out: dvc\.lock at \w{10}: it cannot be/,
    )
    const { test: cut, second } = await history()
    cut.write({ '.git/shallow': `${second}\n` })
    expect(await inProcess(cut).ok('import', 'dvc')).toMatch(/1 run imported.*\n.*the clone is shallow here/)
  })

  it('imports only the given folder, from any working folder', async () => {
    const test = provRepository()
    test.commit('Two pipelines', { 'a/dvc.lock': lock(0.1), 'a/x.txt': 'x', 'b/dvc.lock': lock(0.2) })
    const sub = await inProcess(test, { cwd: join(test.path, 'a') }).prov('import', 'dvc', '.', '--dry-run')
    expect(sub.stdout).toMatch(/^prov: 2 runs would be imported from dvc\n/)
    expect((await inProcess(test).prov('import', 'dvc', '..')).stderr).toContain("'..' is outside the work tree")
    expect(await inProcess(test).ok('import', 'dvc', 'b', '-n', '--json')).toContain(':b/dvc.lock:train')
  })

  it('two clones that import make the same records', async () => {
    const { test } = await history()
    const clone = cloneOf(test)
    clone.git('fetch', '--quiet', 'origin', '+refs/exps/*:refs/exps/*')
    await inProcess(clone).ok('init')
    for (const each of [test, clone]) await inProcess(each).ok('import', 'dvc')
    expect(clone.branch('records/run/')).toEqual(test.branch('records/run/'))
  })
})

describe('git prov import', () => {
  const test = provRepository()
  it.each([
    [[], 'name what to import'],
    [['dvcc'], "unknown import 'dvcc'"],
    [['dvc', 'a', 'b'], 'import takes at most one path'],
  ])('%j is refused', async (words, message) => {
    const { status, stderr } = await inProcess(test).prov('import', ...(words as string[]))
    expect(status).toBe(2)
    expect(stderr).toContain(message as string)
  })
})
