import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { entry, gitRepository, type TestRepository } from '../support/repository.ts'

const tools = resolve(import.meta.dirname, '../../.ci/tools')

/** A repository whose PATH has the tools and `git-prov`, as on a person's machine. */
function repositoryWithTools(files: Record<string, string> = { 'data/a.csv': 'a\n' }): TestRepository {
  const test = gitRepository(files)
  const bin = join(test.path, '../bin')
  mkdirSync(bin)
  symlinkSync(entry, join(bin, 'git-prov'))
  test.env.PATH = [bin, join(tools, 'venv/bin'), join(tools, 'node/node_modules/.bin'), test.env.PATH].join(':')
  test.env.XDG_CACHE_HOME = join(test.path, '../cache')
  return test
}

function must(test: TestRepository, program: string, ...args: string[]): string {
  const result = test.run(program, args)
  if (result.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${result.stdout}${result.stderr}`)
  return result.stdout
}

/** The operations of which each fires another hook. */
function expectEveryOperationCaptured(test: TestRepository): void {
  const start = test.head()
  test.commit('one', { 'one.txt': '1' })
  test.git('commit', '--quiet', '--amend', '--no-edit', '-m', 'amended')
  test.git('switch', '--quiet', '-c', 'topic')
  test.commit('topic', { 'topic.txt': 't' })
  test.git('switch', '--quiet', 'main')
  test.commit('main', { 'main.txt': 'm' })
  test.git('merge', '--quiet', '--no-edit', 'topic')
  test.git('switch', '--quiet', 'topic')
  test.git('rebase', '--quiet', 'main~1', '--force-rebase')
  for (const branch of ['main', 'topic']) {
    for (const commit of test.git('rev-list', `${start}..${branch}`).split('\n'))
      expect([branch, commit, test.captures(commit).length]).toEqual([branch, commit, 1])
  }
}

/** A push that the manager's own hook sees, and that takes the records along. */
function expectPushShares(test: TestRepository): void {
  test.git('init', '--quiet', '--bare', '--initial-branch=main', '../hub.git')
  test.git('remote', 'add', 'origin', join(test.path, '../hub.git'))
  test.git('config', 'prov.syncBudget', '30')
  test.ok('init', '--remote', 'origin')
  const push = () => must(test, 'git', 'push', 'origin', 'main')
  const seen = () => readFileSync(join(test.path, '../pushed'), 'utf8').split('\n').length - 1
  push()
  const before = seen()
  test.commit('shared', { 'shared.txt': 's' })
  push()
  expect(seen() - before).toBe(1)
  const there = test.git('--git-dir', join(test.path, '../hub.git'), 'ls-tree', '-r', '--name-only', 'prov')
  expect(there.split('\n').sort()).toEqual(test.branch().sort())
  expect(there).toContain(test.captures()[0]?.id)
}

function files(test: TestRepository): Record<string, string> {
  const hooks = join(test.path, '.git/hooks')
  const found = existsSync(hooks) ? readdirSync(hooks) : []
  const content = Object.fromEntries(
    found.map((name) => [name, `${statSync(join(hooks, name)).mode} ${readFileSync(join(hooks, name), 'base64')}`]),
  )
  return {
    ...content,
    config: readFileSync(join(test.path, '.git/config'), 'utf8'),
    tree: test.git('status', '--porcelain', '--untracked-files=all'),
  }
}

function expectUninstallRestores(test: TestRepository, install: () => void): void {
  const before = files(test)
  install()
  test.ok('init', '--uninstall')
  expect(files(test)).toEqual(before)
}

describe('beside husky', () => {
  const husky = () => {
    const test = repositoryWithTools({ 'data/a.csv': 'a\n', 'package.json': '{}' })
    must(test, 'husky')
    test.commit('husky')
    return test
  }
  it('every operation is captured, also after husky writes its folder again', () => {
    const test = husky()
    expect(test.ok('init')).toContain('hooks added to .husky/ (commit them: the team shares that folder)')
    must(test, 'husky')
    expectEveryOperationCaptured(test)
    expect(test.ok('doctor')).toBe('prov: no problems found\n')
  })
  it('uninstall puts back every byte', () => {
    const test = husky()
    expectUninstallRestores(test, () => test.ok('init'))
  })
})

describe('a push', () => {
  const own = 'echo pushed >>../pushed'
  it('beside husky', () => {
    const test = repositoryWithTools({ 'data/a.csv': 'a\n', 'package.json': '{}' })
    must(test, 'husky')
    test.write({ '.husky/pre-push': `${own}\n` })
    test.commit('husky')
    expectPushShares(test)
  })
  it('beside lefthook', () => {
    const jobs = `pre-push:\n  jobs:\n    - name: own\n      run: ${own}\n`
    const test = repositoryWithTools({
      'data/a.csv': 'a\n',
      'lefthook.yml': jobs,
      '.gitignore': 'lefthook-local.yml\n',
    })
    must(test, 'lefthook', 'install')
    test.commit('lefthook')
    test.ok('init')
    must(test, 'lefthook', 'install')
    expectPushShares(test)
  })
  it('beside the pre-commit framework', () => {
    const hook = `  - {id: own, name: own, entry: sh -c "${own}", language: system, always_run: true, pass_filenames: false, stages: [pre-push]}\n`
    const test = repositoryWithTools({
      'data/a.csv': 'a\n',
      '.pre-commit-config.yaml': `repos:\n- repo: local\n  hooks:\n${hook}`,
    })
    must(test, 'pre-commit', 'install', '-t', 'pre-push')
    test.commit('framework')
    expectPushShares(test)
  })
})

describe('beside lefthook', () => {
  const lefthook = () => {
    const test = repositoryWithTools({
      'data/a.csv': 'a\n',
      'lefthook.yml': 'post-commit:\n  jobs:\n    - name: own\n      run: echo own >>../ran\n',
      '.gitignore': 'lefthook-local.yml\n',
    })
    must(test, 'lefthook', 'install')
    test.commit('lefthook')
    return test
  }
  it('every operation is captured, its own jobs run, and installing again keeps ours', () => {
    const test = lefthook()
    expect(test.ok('init')).toContain('run: lefthook install')
    must(test, 'lefthook', 'install')
    expectEveryOperationCaptured(test)
    expect(readFileSync(join(test.path, '../ran'), 'utf8')).toContain('own')
    expect(test.ok('doctor')).toBe('prov: no problems found\n')
  })
  it('uninstall puts back every byte', () => {
    const test = lefthook()
    expectUninstallRestores(test, () => test.ok('init'))
  })
})

describe('beside the pre-commit framework', () => {
  const config =
    'repos:\n- repo: local\n  hooks:\n  - {id: own, name: own, entry: sh -c "echo own >>../ran", language: system, always_run: true, pass_filenames: false, stages: [pre-commit, post-commit]}\n'
  const framework = () => {
    const test = repositoryWithTools({ 'data/a.csv': 'a\n', '.pre-commit-config.yaml': config })
    must(test, 'pre-commit', 'install', '-t', 'pre-commit', '-t', 'post-commit')
    test.commit('framework')
    return test
  }
  it('every operation is captured and its hooks run once each', () => {
    const test = framework()
    test.ok('init')
    expectEveryOperationCaptured(test)
    const ran = () => readFileSync(join(test.path, '../ran'), 'utf8').split('\n').length
    const before = ran()
    test.commit('x', { 'x.txt': 'x' })
    expect(ran() - before).toBe(2)
  })
  it('installed again after us, it calls us and nothing runs twice', () => {
    const test = framework()
    test.ok('init')
    must(test, 'pre-commit', 'install', '-t', 'pre-commit', '-t', 'post-commit')
    const ran = () => readFileSync(join(test.path, '../ran'), 'utf8').split('\n').length
    const before = ran()
    test.commit('x', { 'x.txt': 'x' })
    expect(ran() - before).toBe(2)
    expect(test.captures()).toHaveLength(1)
  })
  it('uninstall puts back every byte', () => {
    const test = framework()
    expectUninstallRestores(test, () => test.ok('init'))
  })
})

describe('beside git-lfs', () => {
  it('installed before us: its hooks run, its data is fingerprinted by its pointers', () => {
    const test = repositoryWithTools()
    must(test, 'git', 'lfs', 'install', '--local')
    must(test, 'git', 'lfs', 'track', '*.bin')
    test.write({ 'weights/a.bin': 'weights\n' })
    expectUninstallRestores(test, () => test.ok('init'))
    test.ok('init')
    test.commit('lfs')
    expectEveryOperationCaptured(test)
    const { a } = test.show().datasets
    expect(a).toMatchObject({
      state: 'complete',
      source: 'git',
      bytes: 8,
      digest: must(test, 'sha256sum', 'weights/a.bin').slice(0, 64),
    })
  })
  it('installed after us: it asks for its own, and our hooks call it', () => {
    const test = repositoryWithTools({
      'data/a.csv': 'a\n',
      '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n',
    })
    test.ok('init')
    expect(readFileSync(join(test.path, '.git/hooks/post-commit'), 'utf8')).toContain("lfs='yes'")
    test.commit('first')
    test.run('git', ['lfs', 'install', '--local'])
    test.run('git', ['lfs', 'install', '--local', '--skip-repo'])
    expectEveryOperationCaptured(test)
  })
})

describe('with git-annex', () => {
  it('annexed files are known by their keys, here or not', () => {
    const test = repositoryWithTools({})
    test.commit('first', { 'a.txt': 'a' })
    must(test, 'git', 'annex', 'init', '--quiet')
    test.write({ 'data/x.bin': 'annexed\n' })
    must(test, 'git', 'annex', 'add', '--quiet', '--backend=SHA256E', 'data/x.bin')
    test.ok('init', '--dataset', 'data=data')
    test.commit('annex')
    const digest = must(test, 'sha256sum', 'data/x.bin').slice(0, 64)
    const { data } = test.show().datasets
    expect(data).toMatchObject({ state: 'complete', source: 'git', files: 1, bytes: 8 })
    expect(test.git('show', `prov:manifests/${data.digest.slice(0, 2)}/${data.digest}.txt`)).toBe(`${digest}  x.bin`)
    // biome-ignore lint/suspicious/noTemplateCurlyInString: git-annex's own format
    expect(must(test, 'git', 'annex', 'examinekey', '--format=${bytesize}', `SHA256E-s8--${digest}.bin`)).toBe('8')
    must(test, 'git', 'annex', 'drop', '--quiet', '--force', 'data/x.bin')
    test.commit('dropped')
    expect(test.show().datasets.data.digest).toBe(data.digest)
  })
})
