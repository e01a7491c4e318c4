import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gitRepository, provRepository, type TestRepository } from '../support/repository.ts'

/** Every commit reachable from HEAD since `from` has exactly one capture. */
function expectEachCapturedOnce(repository: TestRepository, from?: string): void {
  const range = from ? `${from}..HEAD` : 'HEAD'
  const commits = repository.git('rev-list', range).split('\n').filter(Boolean)
  expect(commits.map((commit) => repository.captures(commit).length)).toEqual(commits.map(() => 1))
}

const records = (repository: TestRepository) => repository.branch('records/capture/').length

/** A topic branch of three commits beside a main that moved on. */
function diverged(): TestRepository {
  const repository = provRepository()
  repository.git('switch', '--quiet', '-c', 'topic')
  for (const name of ['one', 'two', 'three']) repository.commit(name, { [`${name}.txt`]: `${name}\n` })
  repository.git('switch', '--quiet', 'main')
  repository.commit('main moves', { 'main.txt': 'main\n' })
  return repository
}

describe('a capture for every commit', () => {
  it('the first commit', () => {
    const repository = gitRepository({ 'data/a.csv': 'a\n' })
    repository.ok('init')
    repository.commit('first')
    expectEachCapturedOnce(repository)
    expect(repository.show().trigger).toBe('post-commit')
  })

  it('commit prints one line, and none with prov.quiet', () => {
    const repository = provRepository()
    repository.git('add', '--all')
    const said = repository.run('git', ['commit', '--allow-empty', '-m', 'x'])
    expect(said.stderr).toMatch(/^prov: [0-9a-f]{7} {2}env [0-9a-f]{6} {2}train [0-9a-f]{6} \(1 file, 2 B\)\n$/)
    repository.git('config', 'prov.quiet', 'true')
    expect(repository.run('git', ['commit', '--allow-empty', '-m', 'y']).stderr).toBe('')
    expect(repository.captures()).toHaveLength(1)
  })

  it('--amend: the new commit is captured and linked to the old', () => {
    const repository = provRepository()
    const old = repository.commit('x', { 'x.txt': 'x' })
    repository.git('commit', '--quiet', '--amend', '-m', 'better')
    expect(repository.captures()).toHaveLength(1)
    expect(repository.notes().find(({ kind }) => kind === 'rewrite')?.from).toEqual([old])
  })

  it('--no-verify', () => {
    const repository = provRepository()
    repository.git('commit', '--quiet', '--allow-empty', '--no-verify', '-m', 'x')
    expectEachCapturedOnce(repository)
  })

  it('commit -a and a partial commit leave the index as git would', () => {
    const repository = provRepository({ 'data/train/a.csv': 'a\n', 'b.txt': 'b\n' })
    repository.write({ 'data/train/a.csv': 'changed\n', 'b.txt': 'changed\n' })
    repository.git('commit', '--quiet', '-m', 'partial', '--', 'b.txt')
    expect(repository.show().datasets.train.uncommitted).toEqual({
      count: 1,
      paths: [{ path: 'data/train/a.csv', change: 'modified' }],
    })
    expect(repository.git('status', '--porcelain')).toBe(' M data/train/a.csv')
    repository.git('commit', '--quiet', '-am', 'all')
    expect(repository.git('status', '--porcelain')).toBe('')
    expectEachCapturedOnce(repository)
  })

  it('a clean merge, a fast-forward, a squash merge', () => {
    const repository = diverged()
    repository.git('merge', '--quiet', '--no-edit', 'topic')
    expectEachCapturedOnce(repository)
    const before = records(repository)
    repository.git('switch', '--quiet', '-c', 'later', 'HEAD~1')
    repository.git('merge', '--quiet', '--ff-only', 'main')
    expect(records(repository)).toBe(before)
    repository.git('switch', '--quiet', '-c', 'squashed', 'main~1')
    repository.git('merge', '--quiet', '--squash', 'topic')
    repository.git('commit', '--quiet', '-m', 'squashed')
    expect(records(repository)).toBe(before + 1)
    expectEachCapturedOnce(repository)
  })

  it('a merge with a conflict', () => {
    const repository = provRepository()
    repository.git('switch', '--quiet', '-c', 'topic')
    repository.commit('theirs', { 'c.txt': 'theirs\n' })
    repository.git('switch', '--quiet', 'main')
    repository.commit('ours', { 'c.txt': 'ours\n' })
    expect(repository.run('git', ['merge', 'topic']).status).toBe(1)
    repository.commit('merged', { 'c.txt': 'both\n' })
    expectEachCapturedOnce(repository)
  })

  for (const backend of ['--merge', '--apply']) {
    it(`rebase ${backend}: one capture each, none for the steps`, () => {
      const repository = diverged()
      const before = records(repository)
      const old = repository.git('rev-list', '--reverse', 'main..topic').split('\n')
      repository.git('rebase', '--quiet', backend, 'main', 'topic')
      expectEachCapturedOnce(repository)
      expect(records(repository)).toBe(before + 3)
      const fresh = repository.git('rev-list', '--reverse', 'main..topic').split('\n')
      expect(fresh.map((oid) => repository.notes(oid).find(({ kind }) => kind === 'rewrite')?.from)).toEqual(
        old.map((oid) => [oid]),
      )
      expect(repository.show(fresh[0]).links[0].rel).toBe('wasRevisionOf')
    })
  }

  for (const [verb, commits] of [
    ['squash', 1],
    ['fixup', 1],
    ['reword', 3],
    ['edit', 3],
    ['drop', 2],
  ] as const) {
    it(`rebase -i with ${verb}`, () => {
      const repository = diverged()
      const before = records(repository)
      const lines = verb === 'squash' || verb === 'fixup' ? '2,$' : '2'
      const env = { GIT_SEQUENCE_EDITOR: `sed -i -e '${lines}s/^pick/${verb}/'` }
      repository.git('switch', '--quiet', 'topic')
      expect(repository.run('git', ['rebase', '--quiet', '-i', 'main'], { env }).status).toBe(0)
      if (verb === 'edit') {
        repository.write({ 'edited.txt': 'edited\n' })
        repository.git('add', '--all')
        repository.git('commit', '--quiet', '--amend', '--no-edit')
        repository.git('rebase', '--continue')
      }
      expectEachCapturedOnce(repository, 'main')
      expect(repository.git('rev-list', '--count', 'main..HEAD')).toBe(String(commits))
      expect(records(repository)).toBe(before + commits)
    })
  }

  it.each([
    ['the first pick', 'one', ['two', 'three']],
    ['a pick after another', 'two', ['one', 'three']],
  ])('rebase --skip of %s: a dropped commit is not rewritten to anything', (_, dropped, kept) => {
    const repository = diverged()
    repository.commit('in the way', { [`${dropped}.txt`]: 'other\n' })
    repository.git('switch', '--quiet', 'topic')
    const old = repository.git('rev-list', '--reverse', 'main..topic').split('\n')
    expect(repository.run('git', ['rebase', '--quiet', 'main']).status).toBe(1)
    repository.git('rebase', '--skip')
    const fresh = repository.git('rev-list', '--reverse', 'main..topic').split('\n')
    const record = repository.branch('records/rewrite').at(-1) as string
    const names = ['one', 'two', 'three']
    expect(JSON.parse(repository.git('show', `prov:${record}`)).rewritten).toEqual(
      kept.map((name, index) => ({ from: old[names.indexOf(name)], to: fresh[index] })),
    )
    expectEachCapturedOnce(repository)
  })

  it('cherry-pick of one and of a range, and revert', () => {
    const repository = diverged()
    repository.git('cherry-pick', 'topic~2')
    repository.git('cherry-pick', 'topic~2..topic')
    repository.git('revert', '--no-edit', 'HEAD')
    expectEachCapturedOnce(repository)
  })

  it('am of several patches', () => {
    const repository = diverged()
    repository.git('format-patch', '--quiet', '-o', join(repository.path, '../patches'), 'main..topic')
    repository.git(
      'am',
      '--quiet',
      ...['0001-one', '0002-two', '0003-three'].map((name) => join(repository.path, `../patches/${name}.patch`)),
    )
    expectEachCapturedOnce(repository)
  })

  it('a detached HEAD, which has no branch in its record', () => {
    const repository = provRepository()
    repository.git('checkout', '--quiet', '--detach')
    repository.commit('x')
    expectEachCapturedOnce(repository)
    expect(repository.show().about.branch).toBeUndefined()
  })

  it('a linked work tree, whose own index is not touched', () => {
    const repository = provRepository()
    const path = join(repository.path, '../linked')
    repository.git('worktree', 'add', '--quiet', '-b', 'linked', path)
    writeFileSync(join(path, 'l.txt'), 'l\n')
    repository.run('git', ['add', '--all'], { cwd: path })
    const said = repository.run('git', ['commit', '-qam', 'linked'], { cwd: path })
    expect(said.stderr).toMatch(/^prov: /)
    expect(repository.captures('linked')).toHaveLength(1)
    expect(repository.run('git', ['status', '--porcelain'], { cwd: path }).stdout).toBe('')
  })

  it('a submodule keeps its own ledger', () => {
    const inner = provRepository()
    const outer = gitRepository({ 'o.txt': 'o\n' })
    outer.ok('init')
    outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.path, 'inner')
    outer.commit('with a submodule')
    expectEachCapturedOnce(outer)
    const path = join(outer.path, 'inner')
    expect(
      outer.run(process.execPath, [join(import.meta.dirname, '../../dist/git-prov.js'), 'init'], { cwd: path }).status,
    ).toBe(0)
    outer.run('git', ['commit', '-q', '--allow-empty', '-m', 'inside'], { cwd: path })
    expect(outer.run('git', ['notes', '--ref=prov', 'show', 'HEAD'], { cwd: path }).stdout).toMatch(/"kind":"capture"/)
  })

  it('a commit no hook saw is captured late by the next command, and marked so', () => {
    const repository = provRepository()
    const tracked = repository.captures()[0]?.datasets
    repository.git('-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '--allow-empty', '-m', 'unseen')
    expect(repository.captures()).toHaveLength(0)
    const said = repository.prov('log', '-n', '1')
    expect(said.stderr).toBe('prov: 1 commit captured late (no hook ran for it)\n')
    const [line] = repository.captures()
    expect(line).toMatchObject({ late: true, datasets: tracked })
    expect(line).not.toHaveProperty('environment')
    expect(said.stdout).toMatch(/captured late/)
  })

  it('without node the commit succeeds, and is captured by the next command', () => {
    const repository = provRepository()
    const hook = join(repository.path, '.git/hooks/post-commit')
    writeFileSync(hook, repository.run('cat', [hook]).stdout.replace(/^node='.*'$/m, "node='/nowhere/node'"))
    const said = repository.run('git', ['commit', '-q', '--allow-empty', '-m', 'x'])
    expect(said.status).toBe(0)
    expect(said.stderr).toMatch(/node was not found where it was installed/)
    expect(existsSync(join(repository.path, '.git/prov/queue'))).toBe(true)
    repository.ok('capture')
    expectEachCapturedOnce(repository)
  })

  it('git in the hook of another repository does not touch that repository', () => {
    const repository = provRepository()
    const before = records(repository)
    rmSync(join(repository.path, '.git/hooks/post-commit'))
    repository.commit('x')
    expect(records(repository)).toBe(before)
  })
})
