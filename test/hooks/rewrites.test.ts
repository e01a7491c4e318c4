import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { provRepository, type TestRepository } from '../support/repository.ts'

// The published matrix: what becomes of the records when history is rewritten, and how each is matched.

const unhooked = ['-c', 'core.hooksPath=/dev/null']

/** A topic branch of three commits that change different lines, beside a main that moved on in another file. */
function topic(): TestRepository {
  const test = provRepository({
    'data/train/a.csv': 'a\n',
    'code.txt': Array.from({ length: 30 }, (_, n) => n).join('\n'),
  })
  test.git('switch', '--quiet', '-c', 'topic')
  for (const [n, name] of ['one', 'two', 'three'].entries()) {
    const lines = test.git('show', 'HEAD:code.txt').split('\n')
    lines[n * 10 + 5] = name
    test.commit(name, { 'code.txt': lines.join('\n'), [`${name}.txt`]: `${name}\n` })
  }
  return test
}

function moveMain(test: TestRepository): void {
  test.git('switch', '--quiet', 'main')
  test.commit('main moves', { 'main.txt': 'main\n' })
}

/** What a forge does on its own machine: no hook of ours sees it. */
function onTheForge(test: TestRepository, ...args: string[]): void {
  test.git(...unhooked, ...args)
}

/** How a commit is matched, and with which other. */
function matched(test: TestRepository, commit = 'HEAD') {
  const [line] = test.log('-n', '1', commit)
  const capture = line.provenance.capture as string | undefined
  const of = capture ? (JSON.parse(test.ok('show', capture, '--json')).about.commit as string) : undefined
  return { by: line.provenance.matchedBy as string | undefined, of, candidates: line.provenance.candidates }
}

describe('a rewrite in this clone that hooks see: a capture of its own, linked to the original', () => {
  it.each<[string, (test: TestRepository) => void, boolean]>([
    ['amend', (test) => test.git('commit', '--quiet', '--amend', '-m', 'better'), true],
    ['rebase', (test) => test.git('rebase', '--quiet', '--force-rebase', 'main'), true],
    [
      'rebase onto a moved base',
      (test) => {
        moveMain(test)
        test.git('rebase', '--quiet', 'main', 'topic')
      },
      true,
    ],
    ['squash', (test) => rebaseInteractively(test, '2,$s/^pick/squash/'), true],
    ['fixup', (test) => rebaseInteractively(test, '2,$s/^pick/fixup/'), true],
    ['reword', (test) => rebaseInteractively(test, '1s/^pick/reword/'), true],
    ['cherry-pick', (test) => cherryPick(test), false],
    ['revert', (test) => test.git('revert', '--no-edit', 'HEAD'), false],
    ['am', (test) => applyMail(test), false],
  ])('%s', (_, rewrite, tied) => {
    const test = topic()
    const before = test.head()
    // Within one second, the same committer would make the very same commits again.
    test.env.GIT_COMMITTER_NAME = 'Mei C. Chen'
    rewrite(test)
    expect(test.head()).not.toBe(before)
    expect(matched(test)).toEqual({ by: 'commit', of: test.head(), candidates: undefined })
    const froms = test.notes().flatMap((line) => (line.kind === 'rewrite' ? (line.from as string[]) : []))
    expect(froms.includes(before)).toBe(tied)
  })

  function rebaseInteractively(test: TestRepository, sed: string): void {
    test.run('git', ['rebase', '--quiet', '--interactive', 'main'], { env: { GIT_SEQUENCE_EDITOR: `sed -i '${sed}'` } })
  }

  function cherryPick(test: TestRepository): void {
    moveMain(test)
    test.git('cherry-pick', 'topic')
  }

  function applyMail(test: TestRepository): void {
    const mail = test.git('format-patch', '--stdout', 'HEAD~1')
    moveMain(test)
    writeFileSync(join(test.path, '../mail'), `${mail}\n`)
    test.git('am', '--quiet', '../mail')
  }
})

describe('a rewrite that no hook saw is resolved when it is read', () => {
  it('rewritten: an amend whose capture failed is found by the rewrite record', () => {
    const test = topic()
    const [before, tree] = [test.head(), test.git('rev-parse', 'HEAD^{tree}')]
    const other = test.git(...unhooked, 'commit-tree', '-p', 'HEAD~1', '-m', 'by another tool', tree)
    test.git('update-ref', 'refs/heads/other', other)
    writeFileSync(
      join(test.path, '../map'),
      `old new\n${before} ${other}\n${test.git('rev-parse', 'HEAD~1')} ${'0'.repeat(40)}\n`,
    )
    expect(test.ok('capture', '--commit-map', '../map')).toBe(
      'prov: 1 commit linked to the commits they were rewritten from\n',
    )
    expect(matched(test, 'other')).toMatchObject({ by: 'rewrite', of: before })
    expect(test.ok('capture', '--commit-map', '../map')).toBe(
      'prov: 0 commits linked to the commits they were rewritten from\n',
    )
  })

  it('same tree: a merge button that makes a commit of the same content', () => {
    const test = topic()
    const head = test.head()
    onTheForge(test, 'switch', '--quiet', '--detach', 'main')
    onTheForge(test, 'merge', '--quiet', '--squash', 'topic')
    onTheForge(test, 'commit', '--quiet', '-m', 'squashed')
    test.git('config', 'prov.since', '9999999999')
    expect(matched(test)).toMatchObject({ by: 'tree', of: head })
    expect(test.ok('log', '-n', '1')).toContain(`same tree as ${head.slice(0, 7)}`)
  })

  it.each([
    ['cherry-pick', (test: TestRepository) => onTheForge(test, 'cherry-pick', 'topic')],
    ['rebase merge', (test: TestRepository) => rebaseMerge(test)],
  ])('same patch: a %s by a forge', (_, rewrite) => {
    const test = topic()
    const head = test.head()
    moveMain(test)
    test.ok('capture')
    test.git('config', 'prov.since', '9999999999')
    rewrite(test)
    expect(matched(test)).toMatchObject({ by: 'patch-id', of: head })
    expect(test.ok('log', '-n', '1')).toContain(`same patch as ${head.slice(0, 7)}`)
  })

  function rebaseMerge(test: TestRepository): void {
    onTheForge(test, 'switch', '--quiet', '-c', 'merged', 'topic')
    onTheForge(test, 'rebase', '--quiet', 'main')
    const middle = matched(test, 'HEAD~1')
    expect(middle).toMatchObject({ by: 'patch-id', of: test.git('rev-parse', 'topic~1') })
  }

  it('range of patches: a squash merge by a forge onto a base that moved', () => {
    const test = topic()
    const head = test.head()
    moveMain(test)
    test.ok('capture')
    test.git('config', 'prov.since', '9999999999')
    onTheForge(test, 'merge', '--quiet', '--squash', 'topic')
    onTheForge(test, 'commit', '--quiet', '-m', 'squashed (#7)')
    expect(matched(test)).toMatchObject({ by: 'range', of: head })
    expect(test.ok('log', '-n', '1')).toContain(`same change as the commits up to ${head.slice(0, 7)}`)
  })

  it('binary files with different content are different patches', () => {
    const test = provRepository()
    test.commit('base', { 'model.bin': Buffer.from([0, 1, 2]) })
    test.git('switch', '--quiet', '-c', 'topic')
    test.commit('one', { 'model.bin': Buffer.from([0, 1, 3]) })
    test.git('switch', '--quiet', 'main')
    test.commit('main moves', { 'main.txt': 'm' })
    test.ok('capture')
    test.git('config', 'prov.since', '9999999999')
    test.write({ 'model.bin': Buffer.from([0, 1, 4]) })
    onTheForge(test, 'commit', '--quiet', '-am', 'another')
    expect(matched(test).by).toBeUndefined()
  })

  it('two commits with the same patch and different records: neither is used, and it says so', () => {
    const test = provRepository()
    const start = test.head()
    const candidates = ['left', 'right'].map((name) => {
      test.git('switch', '--quiet', '-c', name, start)
      test.commit(`${name} data`, { 'data/train/a.csv': `${name}\n` })
      return test.commit('same', { 'same.txt': 'same\n' })
    })
    test.ok('capture')
    test.git('config', 'prov.since', '9999999999')
    onTheForge(test, 'switch', '--quiet', '--detach', start)
    onTheForge(test, 'cherry-pick', 'left')
    const found = matched(test)
    expect([found.by, found.candidates.sort()]).toEqual([undefined, candidates.sort()])
    expect(test.ok('log', '-n', '1')).toContain('match equally well and differ, so none is used')
  })

  it('a squash that changes more than the range is not matched', () => {
    const test = topic()
    moveMain(test)
    test.ok('capture')
    test.git('config', 'prov.since', '9999999999')
    onTheForge(test, 'merge', '--quiet', '--squash', 'topic')
    test.write({ 'extra.txt': 'more\n' })
    onTheForge(test, 'add', '--all')
    onTheForge(test, 'commit', '--quiet', '-m', 'squashed and more')
    expect(matched(test)).toMatchObject({ by: undefined, of: undefined })
  })
})
