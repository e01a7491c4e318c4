import { appendFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { gitRepository, provRepository, type TestRepository } from '../support/repository.ts'

const stable = (text: string) =>
  text
    .replace(/\b[0-9a-f]{40}\b/g, '<commit>')
    .replace(/\b[0-9a-f]{64}\b/g, '<digest>')
    .replace(/Date: .*$/gm, 'Date:   <date>')
    .replace(/^(\W*)(env +)[0-9a-f]{6}( .*)?$/gm, '$1$2<env>')

function history(): TestRepository {
  const test = provRepository({
    'data/train/a.csv': 'a\n',
    'data/train/b.csv': 'b\n',
    'params.yaml': 'lr: 0.1\n',
    'package.json': '{}',
    'package-lock.json': lock('1.0.0'),
  })
  test.commit('Clean labels', { 'data/train/a.csv': 'A\n', 'data/train/c.csv': 'c\n' })
  test.commit('Tune', { 'params.yaml': 'lr: 0.2\nseed: 7\n', 'package-lock.json': lock('1.1.0') })
  return test
}

const lock = (version: string) =>
  JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/features': { version } } })

describe('git prov log', () => {
  const test = history()

  it('says what changed since the commit before', async () => {
    const text = stable(await inProcess(test).ok('log'))
    expect(text).toContain('    Clean labels\n\n    env   <env>\n    data  train ')
    expect(text).toMatch(/data {2}train \w{6} {2}\+1 ~1 files, 6 B/)
    expect(await inProcess(test).ok('log', '-n1')).toMatch(
      /env {3}\w{6} {2}features 1\.0\.0 -> 1\.1\.0, package-lock\.json changed/,
    )
  })

  it('--oneline: marks where nothing changed', async () => {
    const lines = (await inProcess(test).ok('log', '--oneline')).split('\n')
    expect(lines.map((line) => line.replace(/^\w{7} (\(.*?\) )?/, ''))).toEqual([
      'env~ train= Tune',
      'env= train~ Clean labels',
      'env train Baseline',
      '',
    ])
  })

  it('--json keeps the contract for scripts', async () => {
    const [tune, clean, baseline] = await inProcess(test).log()
    expect(tune).toEqual({
      commit: test.head(),
      tree: test.git('rev-parse', 'HEAD^{tree}'),
      parents: [test.git('rev-parse', 'HEAD~')],
      author: { name: 'Mei Chen', email: 'mei@example.org' },
      date: test.git('log', '-1', '--format=%aI'),
      subject: 'Tune',
      provenance: { status: 'captured', matchedBy: 'commit', capture: expect.stringMatching(/^[0-9a-f]{64}$/) },
      environment: expect.stringMatching(/^[0-9a-f]{64}$/),
      datasets: { train: { digest: expect.any(String), files: 3, bytes: 6, state: 'complete', changed: false } },
      records: [{ kind: 'capture', id: tune.provenance.capture }],
    })
    expect(clean.datasets.train.changed).toEqual({
      from: baseline.datasets.train.digest,
      added: 1,
      removed: 0,
      modified: 1,
    })
    expect(baseline.datasets.train.changed).toBeNull()
  })

  it('takes the arguments of git log', async () => {
    expect((await inProcess(test).log('HEAD~1..')).map(({ subject }) => subject)).toEqual(['Tune'])
    expect(await inProcess(test).log('-n', '2')).toHaveLength(2)
    expect(await inProcess(test).log('--author=nobody')).toHaveLength(0)
    expect(
      (await inProcess(test).log('--since=2000-01-01', '--all', '--', 'params.yaml')).map(({ subject }) => subject),
    ).toEqual(expect.arrayContaining(['Tune', 'Baseline']))
    expect(await inProcess(test).ok('log', '--stat', '-n1')).toContain('2 files changed')
    expect(await inProcess(test).prov('log', 'no-such-branch')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('error: git log failed'),
    })
    expect(await inProcess(test).prov('log', '--format=%H')).toMatchObject({ status: 2 })
  })

  it('--changed filters, and -n counts what is shown', async () => {
    expect((await inProcess(test).log('--changed', 'env')).map(({ subject }) => subject)).toEqual(['Tune'])
    expect((await inProcess(test).log('--changed=train', '-n1')).map(({ subject }) => subject)).toEqual([
      'Clean labels',
    ])
    expect(await inProcess(test).log('--changed', 'data', '-n', '5')).toHaveLength(1)
  })

  it("--all is the user's history, not that of our branch and notes", async () => {
    for (const words of [['--all'], ['--branches'], ['--graph', '--all']])
      expect((await inProcess(test).ok('log', '--oneline', ...words)).match(/ (capture|notes|README)/)).toBeNull()
    expect(await inProcess(test).log('--all')).toHaveLength((await inProcess(test).log()).length)
  })

  it('what git prints after a commit is one line below it', async () => {
    expect(await inProcess(test).ok('log', '--name-only', '--oneline', '-n1')).toMatch(/ Tune\n\S/)
    expect(await inProcess(test).ok('log', '--stat', '-n1')).toMatch(/[^\n]\n\n \S+ +\| /)
  })

  it('says when nothing changed in what was asked for, and what to type when git rejects an argument', async () => {
    expect(await inProcess(test).prov('log', '--changed', 'nope')).toMatchObject({
      status: 0,
      stdout: '',
      stderr: "prov: none of these commits changed 'nope'\n",
    })
    expect(await inProcess(test).prov('log', '--no-such')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('git prov help log'),
    })
  })

  it('--graph draws git history beside the records', async () => {
    const text = stable(await inProcess(test).ok('log', '--graph', '-n2'))
    expect(text).toMatch(
      /^\* commit <commit> \(HEAD -> main\)\n\| Author: Mei Chen <mei@example.org>\n\| Date: {3}<date>\n\| \n\| {5}Tune\n\| \n\| {5}env {3}<env>\n/,
    )
    expect(await inProcess(test).ok('log', '--graph', '--oneline', '-n1')).toMatch(
      /^\* \w{7} \(HEAD -> main\) env~ train= Tune\n$/,
    )
  })

  it('paths are relative to a subfolder, as in git', async () => {
    const result = await inProcess(test, { cwd: join(test.path, 'data') }).prov('log', '--json', '--', 'train')
    expect(result.stdout.trim().split('\n')).toHaveLength(2)
  })

  it('a rewritten commit without a capture is shown with the one it was made from, and says how it was matched', async () => {
    const test = provRepository()
    const old = test.commit('x', { 'x.txt': 'x' })
    test.git('-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '--amend', '-m', 'same tree')
    test.git('config', 'prov.since', '99999999999')
    expect((await inProcess(test).log('-n1'))[0].provenance).toMatchObject({ status: 'captured', matchedBy: 'tree' })
    expect(await inProcess(test).ok('log', '-n1')).toContain(`same tree as ${old.slice(0, 7)}`)
  })
})

describe('git prov show and diff', () => {
  const test = history()

  it('show prints the record with its environment resolved; ids may be abbreviated', async () => {
    const shown = await inProcess(test).show()
    expect(shown).toMatchObject({
      kind: 'capture',
      about: { commit: test.head(), branch: 'main' },
      parameters: { 'params.yaml': { values: { lr: 0.2, seed: 7 } } },
    })
    expect(shown.environment.resolved.software.node.packages).toEqual({ features: '1.1.0' })
    expect((await inProcess(test).show(shown.id.slice(0, 8))).id).toBe(shown.id)
    expect(await inProcess(test).ok('show')).toContain('    lr = 0.2\n')
    expect(await inProcess(test).prov('show', 'beef')).toMatchObject({
      status: 2,
      stderr: "error: 'beef' is neither a commit, a run nor a record here\nhint:  git prov log\n",
    })
  })

  it('diff shows packages, files and parameters', async () => {
    expect(
      stable(await inProcess(test).ok('diff', 'HEAD~2', 'HEAD')).replace(/[0-9a-f]{6} -> [0-9a-f]{6}/g, '<a> -> <b>'),
    ).toMatchInlineSnapshot(`
      "packages
        ~ features 1.0.0 -> 1.1.0

      software
        ~ locks files.package-lock.json <digest> -> <digest>

      data
        train <a> -> <b>  +1 -0 ~1
          + c.csv
          ~ a.csv

      parameters
        ~ params.yaml lr 0.1 -> 0.2
        + params.yaml seed 7
      "
    `)
    expect(JSON.parse(await inProcess(test).ok('diff', 'HEAD~2..HEAD', '--json')).datasets[0]).toMatchObject({
      name: 'train',
      added: ['c.csv'],
      modified: ['a.csv'],
    })
    expect((await inProcess(test).prov('diff', '--exit-code')).status).toBe(1)
    expect(await inProcess(test).prov('diff', 'HEAD', 'HEAD')).toMatchObject({ status: 0, stdout: '' })
  })
})

describe('git prov verify', () => {
  const tampered = (change: (test: TestRepository, index: string) => void) => {
    const test = provRepository()
    test.git('worktree', 'add', '--quiet', '../prov', 'prov')
    const path = join(test.path, '../prov')
    change(test, path)
    test.run('git', ['add', '--all'], { cwd: path })
    test.run('git', ['-c', 'core.hooksPath=/dev/null', 'commit', '-qm', 'tampered'], { cwd: path })
    return test
  }
  const codes = async (test: TestRepository) => {
    const result = await inProcess(test).prov('verify', '--json')
    expect(result.status).toBe(1)
    return [...new Set(JSON.parse(result.stdout).findings.map(({ code }: { code: string }) => code))].sort()
  }

  it('accepts an intact ledger', async () => {
    expect(await inProcess(provRepository()).ok('verify')).toBe(
      'prov: 1 record, 1 environment, 1 manifest: every one matches its name\n',
    )
  })

  it('a changed record', async () =>
    expect(
      await codes(tampered((test, path) => appendFileSync(join(path, test.branch('records')[0] as string), ' '))),
    ).toEqual(['changed', 'digest', 'note-extra']))
  it('a removed environment', async () =>
    expect(await codes(tampered((test, path) => rmSync(join(path, test.branch('environments')[0] as string))))).toEqual(
      ['changed', 'missing-link'],
    ))
  it('a stray file', async () =>
    expect(await codes(tampered((_, path) => writeFileSync(join(path, 'x.txt'), 'x')))).toEqual(['unknown-path']))
  it('a changed manifest', async () =>
    expect(
      await codes(tampered((test, path) => appendFileSync(join(path, test.branch('manifests')[0] as string), 'x'))),
    ).toEqual(['changed', 'digest']))

  it('a note edited by hand, and one removed; rebuilding repairs both', async () => {
    const test = provRepository()
    test.git('notes', '--ref=prov', 'append', '-m', 'by hand')
    expect(await codes(test)).toEqual(['note-extra'])
    test.git('notes', '--ref=prov', 'remove')
    expect(await codes(test)).toEqual(['note-missing'])
    await inProcess(test).ok('notes', 'rebuild')
    await inProcess(test).ok('verify')
  })
})

describe('git prov status and doctor', () => {
  it('report what is pending and fix what can be fixed', async () => {
    const test = provRepository()
    expect(await inProcess(test).ok('status')).toMatch(/^prov: HEAD \w{7} is captured\n$/)
    expect(await inProcess(test).ok('doctor')).toBe('prov: no problems found\n')
    writeFileSync(join(test.path, '.git/hooks/post-commit'), '#!/bin/sh\n')
    writeFileSync(
      join(test.path, '.git/prov/lock'),
      JSON.stringify({ pid: 2 ** 22 + 1, host: test.run('hostname', []).stdout.trim(), start: '1' }),
    )
    writeFileSync(join(test.path, '.git/refs/heads/prov.lock'), '')
    const sick = JSON.parse((await inProcess(test).prov('doctor', '--json')).stdout)
    expect(sick).toMatchObject({ ok: false })
    expect(sick.findings.map(({ code }: { code: string }) => code)).toEqual([
      'hook-overwritten',
      'stale-lock',
      'ref-lock',
    ])
    expect(await inProcess(test).prov('doctor', '--fix')).toMatchObject({ status: 1 })
    expect(await inProcess(test).ok('doctor', '--fix')).toContain('prov: no problems found')
    test.commit('x')
    expect(test.captures()).toHaveLength(1)
  })

  it('report what is left in the spool, not what is about to be folded', async () => {
    const test = provRepository()
    const path = join(test.path, '.git/prov/spool/0-1-1.json')
    writeFileSync(path, '[]')
    expect(await inProcess(test).ok('doctor')).toBe('prov: no problems found\n')
    utimesSync(path, 1, 1)
    expect((await inProcess(test).prov('doctor')).stdout).toContain('1 append not on the branch yet')
    expect((await inProcess(test).prov('status')).stdout).toContain('1 append not on the branch yet')
    await inProcess(test).prov('doctor', '--fix')
    expect(await inProcess(test).ok('doctor')).toBe('prov: no problems found\n')
  })

  it('a malformed prov.yaml costs the datasets, neither the commit nor the capture', async () => {
    const test = provRepository()
    writeFileSync(join(test.path, 'prov.yaml'), 'datasets:\n  - name: x\n')
    const said = test.run('git', ['commit', '-qam', 'broken'])
    expect(said.status).toBe(0)
    expect(said.stderr).toMatch(/^prov: \w{7} {2}env \w{6} {2}no data: prov\.yaml:2:5: datasets\[0\] has no 'path'\n$/)
    expect((await inProcess(test).show()).configuration.missing).toContain('prov.yaml:2:5')
    expect(await inProcess(test).prov('status')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('prov.yaml:2:5'),
    })
  })

  it('say what to type when there is no provenance', async () => {
    const test = gitRepository({ 'a.txt': 'a' })
    test.commit('x')
    expect(await inProcess(test).prov('status')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('there is no provenance here yet; git prov init'),
    })
    expect(await inProcess(test).prov('verify')).toMatchObject({
      status: 2,
      stderr: 'error: there is no branch prov here\nhint:  git prov init\n',
    })
    expect(await inProcess(test).ok('log')).toContain('prov  no capture')
  })
})

describe('the command line', () => {
  const test = gitRepository()
  it('help lists every command, and suggests one for a misspelt name', async () => {
    expect(await inProcess(test).ok('help')).toMatch(/^usage: git prov <command>/)
    expect(await inProcess(test).ok('help', 'log')).toContain('--changed <what>')
    expect(await inProcess(test).ok('log', '--help')).toBe(await inProcess(test).ok('help', 'log'))
    expect(await inProcess(test).prov('lgo')).toMatchObject({
      status: 2,
      stderr: "error: 'lgo' is not a git prov command\nhint:  git prov log\n",
    })
    expect(await inProcess(test).ok('--version')).toMatch(/^git-prov \d/)
  })
  it.each(['bash', 'zsh', 'fish'])('completion for %s names the commands', async (shell) => {
    const script = await inProcess(test).ok('completion', shell)
    for (const name of ['log', 'doctor', 'dataset']) expect(script).toContain(name)
    if (shell === 'fish') expect(script).toContain("-l output -r -d 'a file or folder it makes'")
    if (shell === 'zsh') expect(script).toContain("'--lesson[what was learned]:text: '")
    if (shell === 'bash') expect(test.run('bash', ['-n'], { input: script }).status).toBe(0)
  })
})

it('status says where prov.yaml is wrong, what was expected and what to type', async () => {
  const test = provRepository()
  test.commit('bad', { 'prov.yaml': 'version: 1\ndatasets:\n  - name: x\n    pth: data\n' })
  expect(JSON.parse((await inProcess(test).prov('status', '--json')).stdout).findings).toEqual([
    {
      code: 'config',
      severity: 'error',
      where: 'prov.yaml:3:5',
      message: "datasets[0] has no 'path'",
      hint: expect.any(String),
    },
  ])
})
