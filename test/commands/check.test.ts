import { readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { cloneOf, provRepository, type TestRepository } from '../support/repository.ts'

const draft = (status: string, more = '') =>
  `# yaml-language-server: $schema=.decision-file.v1.schema.json
title: Use focal loss
status: ${status}
context: one class is rare
why: |
  the loss is dominated by easy examples
${more}`
const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
const codes = async (test: TestRepository, ...words: string[]) =>
  JSON.parse((await inProcess(test).prov('check', '--json', ...words)).stdout).findings.map(
    ({ code, severity, where }: Record<string, string>) =>
      `${code} ${severity} ${where?.replace(/[0-9a-f]{40}/, '<commit>')}`,
  )

describe('git prov check', () => {
  it('names file, line and column, shows the line, and says what to write', async () => {
    const test = provRepository()
    test.write({ 'decisions/2026-11-23-use-focal-loss.yaml': draft('proposed', 'criteria:\n  - metric: f1\n') })
    const result = await inProcess(test).prov('check')
    expect(result.status).toBe(1)
    expect(result.stdout).toMatchInlineSnapshot(`
      "decisions/2026-11-23-use-focal-loss.yaml:8:5: criteria[0] has no direction
           7 | criteria:
           8 |   - metric: f1
             |     ^ write at_least: 0.80 or at_most: 0.20
      1 problem in 1 of 1 decision. Explain: git prov check --explain criteria-direction
      "
    `)
    test.write({
      'decisions/2026-11-23-use-focal-loss.yaml': draft('proposed', 'criteria:\n  - {metric: f1, at_least: 0.8}\n'),
    })
    expect(await inProcess(test).prov('check')).toMatchObject({
      status: 0,
      stdout: 'prov: 1 decision: no problems.\n',
    })
    expect(await inProcess(test).prov('check', '--quiet')).toMatchObject({ status: 0, stdout: '' })
  })

  it('writes the formats of GitHub and GitLab', async () => {
    const test = provRepository()
    test.write({ 'decisions/a,b.yaml': 'title: "100%"\nstatus: open\n' })
    expect((await inProcess(test).prov('check', '--format', 'github')).stdout).toBe(
      '::error file=decisions/a%2Cb.yaml,line=2,col=9,title=git prov check%3A schema::status must be one of draft, proposed, accepted, rejected, deprecated, superseded; write proposed\n'.replace(
        'proposed\n',
        'draft\n',
      ),
    )
    expect(JSON.parse((await inProcess(test).prov('check', '--format', 'gitlab')).stdout)).toMatchObject([
      { check_name: 'schema', severity: 'major', location: { path: 'decisions/a,b.yaml', lines: { begin: 2 } } },
    ])
    expect(JSON.parse((await inProcess(test).prov('check', '--format', 'sarif')).stdout)).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: 'schema', level: 'error' }] }],
    })
  })

  it('follows no symlink, neither a folder that leads elsewhere nor a file', async () => {
    const test = provRepository({ 'elsewhere/a.yaml': 'title: a\nstatus: open\n' })
    symlinkSync('elsewhere', join(test.path, 'decisions'))
    expect(await inProcess(test).ok('check')).toBe('prov: 0 decisions: no problems.\n')
    rmSync(join(test.path, 'decisions'))
    test.write({ 'decisions/b.yaml': draft('draft') })
    symlinkSync('../elsewhere/a.yaml', join(test.path, 'decisions/a.yaml'))
    expect((await inProcess(test).prov('check')).stdout).toContain('decisions/a.yaml:1:1: is not a regular file')
  })

  it('fails on warnings only on request', async () => {
    const test = provRepository()
    test.write({ 'decisions/a.yaml': 'title: a\nstatus: proposed\nwhy: w\n' })
    expect((await inProcess(test).prov('check')).status).toBe(0)
    expect((await inProcess(test).prov('check', '--level', 'warning')).status).toBe(1)
    expect(await inProcess(test).prov('check', '--level', 'warnings')).toMatchObject({
      status: 2,
      stderr: "error: --level 'warnings' is not one of info, warning, error\nhint:  did you mean 'warning'?\n",
    })
  })

  it('--explain says why a rule exists', async () => {
    const test = provRepository()
    expect(await inProcess(test).ok('check', '--explain', 'twin-id')).toContain(
      'twin-id (error): each decision has an id of its own\n\nThe id of a decision',
    )
    expect((await inProcess(test).ok('check', '--explain', 'rules')).split('\n')).toHaveLength(18)
    expect((await inProcess(test).prov('check', '--explain', 'twin-ids')).stderr).toContain(
      'git prov check --explain twin-id',
    )
  })

  it('knows the current state of evidence', async () => {
    const test = provRepository()
    const digest = test.captures()[0]?.datasets as unknown as Record<string, { digest: string }>
    const evidence = (lines: string) => ({ 'decisions/a.yaml': draft('accepted', `evidence:\n${lines}`) })
    test.write(evidence(`  - {dataset: train, digest: ${digest.train?.digest}}\n  - commit: ${test.head()}\n`))
    expect(await codes(test)).toEqual([])
    test.write(
      evidence(
        '  - {dataset: train, digest: abcdef}\n  - commit: abcdef0\n  - run: abcdef\n  - {file: nope, digest: abcdef}\n',
      ),
    )
    expect(await codes(test)).toEqual(Array(4).fill('evidence-exists error decisions/a.yaml'))
    test.write(
      evidence(
        `  - {dataset: train, digest: ${digest.train?.digest.slice(0, 8)}}\n  - {file: data/train/a.csv, digest: 87428f}\n`,
      ),
    )
    test.commit('Refresh', { 'data/train/a.csv': 'b\n' })
    expect(await codes(test)).toEqual(Array(2).fill('evidence-current warning decisions/a.yaml'))
    expect((await inProcess(test).prov('check')).stdout).toMatch(
      /evidence\[0\] is stale: dataset train was \w{6} and is \w{6} now/,
    )
  })

  it('--base checks what a pull request changed against the policy', async () => {
    const test = provRepository({
      'data/train/a.csv': 'a\n',
      'src/a.py': '1\n',
      'decisions/old.yaml': 'title: x\nstatus: open\n',
    })
    const policy = 'policy:\n  changes:\n    - {what: code, paths: ["src/**"], owes: decision}\n'
    test.commit('Policy', { 'prov.yaml': `version: 1\ndatasets:\n  - {name: train, path: data/train}\n${policy}` })
    test.git('switch', '--quiet', '-c', 'topic')
    test.commit('Change', { 'src/a.py': '2\n', 'src/b.py': '2\n', 'data/train/a.csv': 'b\n' })
    expect(await codes(test, '--base', 'main')).toEqual([
      'change-owes error src/a.py',
      'data-without-word warning dataset train',
    ])
    test.commit('Say why', { 'decisions/a.yaml': draft('proposed') })
    expect(await codes(test, '--base', 'main')).toEqual(['data-without-word warning dataset train'])
    await inProcess(test).ok(
      'waive',
      'data-without-word',
      'train',
      '--why',
      'labels come next week',
      '--until',
      day(20),
    )
    expect(await codes(test, '--base', 'main')).toEqual([])
    expect(await inProcess(test).ok('check', '--base', 'main')).toBe(
      'prov: 1 decision, 2 commits: no problems. 1 waived.\n',
    )
    expect(await inProcess(test).prov('check', '--base', 'nope')).toMatchObject({ status: 2 })
  })

  it('says so on a clone without the branch prov, and blames nobody', async () => {
    const origin = provRepository({ 'decisions/a.yaml': draft('accepted', 'evidence:\n  - run: abcdef\n') })
    const clone = cloneOf(origin, '--depth', '1', '--single-branch')
    clone.git('config', 'user.name', 'R')
    expect((await inProcess(clone).prov('check')).status).toBe(0)
    expect(await codes(clone)).toEqual(['evidence-exists info decisions/a.yaml', 'capture-missing info prov'])
  })

  it('criteria in the commit a run started from came before it', async () => {
    const test = provRepository()
    const file = (least: string, more = '') => ({
      'decisions/a.yaml': draft('proposed', `criteria:\n  - {metric: f1, at_least: ${least}}\n${more}`),
    })
    test.commit('Decide', file('0.8'))
    test.ok('run', '--', 'true')
    const run = test.notes().find(({ kind }) => kind === 'run')?.id ?? ''
    test.write(file('0.8', `evidence:\n  - run: ${run.slice(0, 12)}\n`))
    expect(await codes(test)).toEqual([])
    test.commit('Lower', file('0.7', `evidence:\n  - run: ${run.slice(0, 12)}\n`))
    expect(await codes(test)).toEqual(['criteria-before-run warning decisions/a.yaml'])
    expect((await inProcess(test).prov('check')).stdout).toContain('the criteria came after run')
  })
})

it('the policy in the README can be parsed and followed', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
  const policy = [...readme.matchAll(/```yaml\n(policy:\n[\s\S]*?)```/g)].map((match) => match[1] as string)
  expect(policy.length).toBeGreaterThan(0)
  for (const text of policy) {
    const test = provRepository({ 'prov.yaml': `version: 1\n${text}`, 'a.txt': 'a\n' })
    expect(await inProcess(test).prov('check', 'prov.yaml')).toMatchObject({ status: 0 })
  }
})

describe('git prov waive', () => {
  it.each([
    [['schema'], 'waive takes a rule and a place'],
    [['shema', 'a'], "there is no rule 'shema'\nhint:  git prov check --explain schema"],
    [['schema', 'a', '--until', day(1)], '--why <text> is required'],
    [['schema', 'a', '--why', 'w'], '--until <date> is required'],
    [['schema', 'a', '--why', 'w', '--until', day(-1)], 'is not a date in the future'],
  ])('refuses %j', async (words, told) => {
    const result = await inProcess(provRepository()).prov('waive', ...words)
    expect(result.status).toBe(2)
    expect(result.stderr).toContain(told)
  })

  it('keeps secrets out of its reason, and its record matches its schema', async () => {
    const test = provRepository()
    await inProcess(test).ok(
      'waive',
      'schema',
      'a',
      '--why',
      'token ghp_0123456789abcdefghijABCDEFGHIJ456789',
      '--until',
      day(3),
    )
    const [path] = test.branch('records/waiver')
    expect(test.git('show', `prov:${path}`)).not.toContain('ghp_0123')
    expect(await inProcess(test).ok('verify')).toContain('every one matches its name')
  })
})
