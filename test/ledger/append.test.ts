import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type GitObject, ObjectReader } from '../../src/git/objects/objects.ts'
import { locateRepository } from '../../src/git/repository.ts'
import { append, foldSpool } from '../../src/ledger/append/fold.ts'
import { initLedger } from '../../src/ledger/append/init.ts'
import { growChain } from '../../src/ledger/append/notes-chain.ts'
import { listSpool } from '../../src/ledger/append/spool.ts'
import { localDir } from '../../src/ledger/local/local-dir.ts'
import { withLock } from '../../src/ledger/local/lock.ts'
import { rebuildNotes } from '../../src/ledger/notes/rebuild-notes.ts'
import { joinRemotes } from '../../src/ledger/share/join.ts'
import { capture } from '../support/records.ts'
import { cloneOf, gitRepository, type TestRepository } from '../support/repository.ts'

const ident = 'Mei <mei@example.org> 1 +0000'
const soon = () => Date.now() + 20_000
const oidOf = (n: number) => n.toString(16).padStart(40, '0').split('').reverse().join('')
const entryOf = (n: number) => ({ record: capture({ about: { commit: oidOf(n), tree: oidOf(n), parents: [] } }) })

async function ledger(...initArgs: string[]) {
  const test = gitRepository({}, ...initArgs)
  const repository = locateRepository(test.path, test.env)
  await initLedger(repository)
  return { test, repository }
}

const fsck = (test: TestRepository) => expect(test.run('git', ['fsck', '--strict']).status).toBe(0)
const noteCount = (test: TestRepository) =>
  test.git('ls-tree', '-r', '--name-only', 'refs/notes/prov').split('\n').length

describe('an append', () => {
  it('asks for no ref but the two it moves', async () => {
    const { test, repository } = await ledger()
    // Where no other ref of ours can be made, and a lock that a killed git left behind is never given back.
    writeFileSync(join(test.path, '.git/refs/prov'), '')
    writeFileSync(join(test.path, '.git/packed-refs.lock'), '')
    expect(await append(repository, [entryOf(1)], { ident, deadline: soon() })).toBe('folded')
    rmSync(join(test.path, '.git/refs/prov'))
    rmSync(join(test.path, '.git/packed-refs.lock'))
    expect(test.branch('records')).toHaveLength(1)
    fsck(test)
  })
  it.each([
    ['a plain', []],
    ['a SHA-256', ['--object-format=sha256']],
    ['a bare', ['--bare']],
  ])('lands on branch and notes together in %s repository', async (_, initArgs) => {
    const { test, repository } = await ledger(...initArgs)
    const wide = initArgs[0]?.includes('sha256') ? oidOf(1).padEnd(64, '0') : oidOf(1)
    const entry = {
      record: capture({ about: { commit: wide, tree: wide, parents: [] } }),
      environments: { ['e'.repeat(64)]: '{}\n' },
      manifests: { ['f'.repeat(64)]: Buffer.from([0xff, 10]) },
    }
    expect(await append(repository, [entry], { ident, deadline: soon() })).toBe('folded')
    const { id } = entry.record
    expect(test.branch('records', 'environments', 'manifests')).toEqual([
      `environments/ee/${'e'.repeat(64)}.json`,
      `manifests/ff/${'f'.repeat(64)}.txt`,
      `records/capture/2026-11-24/${id.slice(0, 2)}/${id}.json`,
    ])
    expect(test.git('show', `prov:records/capture/2026-11-24/${id.slice(0, 2)}/${id}.json`)).toBe(
      entry.record.text.trimEnd(),
    )
    expect(test.git('ls-tree', '-r', '--name-only', 'refs/notes/prov')).toBe(`${wide.slice(0, 2)}/${wide.slice(2)}`)
    expect(listSpool(localDir(repository))).toEqual([])
    fsck(test)
  })

  it('written twice is a no-op', async () => {
    const { test, repository } = await ledger()
    await append(repository, [entryOf(1)], { ident, deadline: soon() })
    const tip = test.git('rev-parse', 'prov', 'refs/notes/prov')
    await append(repository, [entryOf(1)], { ident, deadline: soon() })
    expect(test.git('rev-parse', 'prov', 'refs/notes/prov')).toBe(tip)
  })

  it('keeps its place in the spool while the lock is held, and is folded by the next', async () => {
    const { test, repository } = await ledger()
    await withLock(
      localDir(repository),
      soon(),
      () => true,
      async () => {
        expect(await append(repository, [entryOf(1)], { ident, deadline: Date.now() + 50 })).toBe('spooled')
      },
    )
    expect(listSpool(localDir(repository))).toHaveLength(1)
    expect(await append(repository, [entryOf(2)], { ident, deadline: soon() })).toBe('folded')
    expect(noteCount(test)).toBe(2)
  })

  it('takes the lock of a process that is gone', async () => {
    const { repository } = await ledger()
    writeFileSync(
      localDir(repository).lock,
      JSON.stringify({ pid: 2 ** 22 + 1, host: (await import('node:os')).hostname(), start: '1' }),
    )
    expect(await append(repository, [entryOf(1)], { ident, deadline: soon() })).toBe('folded')
  })

  it('that was fed where the refs were before somebody else moved them looks again', async () => {
    const { test, repository } = await ledger()
    await append(repository, [entryOf(1)], { ident, deadline: soon() })
    const asker = new ObjectReader(repository)
    const fed = new Map<string, GitObject>()
    for (const ref of ['refs/heads/prov', 'refs/notes/prov']) fed.set(ref, (await asker.read(ref)) as GitObject)
    asker.close()
    await append(repository, [entryOf(2)], { ident, deadline: soon() })
    const objects = new ObjectReader(repository, fed)
    expect(await append(repository, [entryOf(3)], { ident, deadline: soon(), objects })).toBe('folded')
    objects.close()
    expect(noteCount(test)).toBe(3)
  })

  it('sets a damaged spool file aside and goes on', async () => {
    const { test, repository } = await ledger()
    await append(repository, [entryOf(1)], { ident, deadline: soon() })
    writeFileSync(join(localDir(repository).spool, '0-bad.json'), '{"half')
    expect(await append(repository, [entryOf(2)], { ident, deadline: soon() })).toBe('folded')
    expect(readdirSync(localDir(repository).spool)).toEqual(['0-bad.json.damaged'])
    expect(noteCount(test)).toBe(2)
  })

  it('waits for a ref lock, and without it keeps the spool', async () => {
    const { test, repository } = await ledger()
    writeFileSync(join(test.path, '.git/refs/heads/prov.lock'), '')
    await expect(append(repository, [entryOf(1)], { ident, deadline: soon() })).rejects.toMatchObject({
      code: 'locked',
    })
    expect(listSpool(localDir(repository))).toHaveLength(1)
    expect(test.run('git', ['rev-parse', '-q', '--verify', 'refs/notes/prov']).status).toBe(1)
    rmSync(join(test.path, '.git/refs/heads/prov.lock'))
    expect(await foldSpool(repository, { ident, deadline: soon() })).toBe(true)
  })

  it('goes into whatever fan-out the notes have', async () => {
    const { test, repository } = await ledger()
    for (let n = 1; n <= 3; n++) await append(repository, [entryOf(n)], { ident, deadline: soon() })
    const blob = test.run('git', ['hash-object', '-w', '--stdin'], { input: 'x\n' }).stdout.trim()
    // A deep tree, as git makes for very many notes.
    const deep = `${oidOf(7).slice(0, 2)}/${oidOf(7).slice(2, 4)}/${oidOf(7).slice(4)}`
    test.run('git', ['fast-import', '--quiet', '--force'], {
      input: `commit refs/notes/prov\ncommitter ${ident}\ndata 1\nx\nM 100644 ${blob} ${deep}\n\n`,
    })
    const near = `${oidOf(7).slice(0, 39)}f`
    await append(repository, [{ record: capture({ about: { commit: near, tree: near, parents: [] } }) }], {
      ident,
      deadline: soon(),
    })
    expect(test.git('ls-tree', '-r', '--name-only', 'refs/notes/prov')).toContain(
      `${near.slice(0, 2)}/${near.slice(2, 4)}/${near.slice(4)}`,
    )
  })
})

describe('the history of the notes', () => {
  it('begins anew once it is older than git keeps what nothing leads to, with every note kept', async () => {
    const { test, repository } = await ledger()
    for (let n = 1; n <= 3; n++) await append(repository, [entryOf(n)], { ident, deadline: soon() })
    expect(test.git('rev-list', '--count', 'refs/notes/prov')).toBe('3')
    const file = join(localDir(repository).cache, 'last-fold.json')
    const last = JSON.parse(readFileSync(file, 'utf8'))
    writeFileSync(file, JSON.stringify({ ...last, chain: { ...last.chain, since: Date.now() - 16 * 86_400_000 } }))
    await append(repository, [entryOf(4)], { ident, deadline: soon() })
    expect(test.git('rev-list', '--count', 'refs/notes/prov')).toBe('1')
    expect(noteCount(test)).toBe(4)
    await append(repository, [entryOf(5)], { ident, deadline: soon() })
    expect(test.git('rev-list', '--count', 'refs/notes/prov')).toBe('2')
    expect(existsSync(join(test.path, '.git/logs/refs/notes/prov'))).toBe(false)
    fsck(test)
  })

  it('is left as it is when git would have to keep very many loose objects', () => {
    const now = 100 * 86_400_000
    expect(growChain(undefined, now)).toEqual({ commits: 2, since: now })
    expect(growChain({ commits: 1500, since: 0 }, now)).toEqual({ commits: 1, since: now })
    expect(growChain({ commits: 1501, since: 0 }, now)).toEqual({ commits: 1502, since: 0 })
    expect(growChain({ commits: 5, since: now - 14 * 86_400_000 }, now).commits).toBe(6)
  })
})

describe('notes rebuilt from the branch alone', () => {
  it('are the same tree, whatever was done to them', async () => {
    const { test, repository } = await ledger()
    for (let n = 1; n <= 20; n++) await append(repository, [entryOf(n)], { ident, deadline: soon() })
    const tree = test.git('rev-parse', 'refs/notes/prov^{tree}')
    expect((await rebuildNotes(repository)).changed).toBe(false)
    test.git('update-ref', '-d', 'refs/notes/prov')
    expect(await rebuildNotes(repository)).toMatchObject({ records: 20, commits: 20, changed: true })
    expect(test.git('rev-parse', 'refs/notes/prov^{tree}')).toBe(tree)
  })
})

it('a fold that was killed between the two refs is done again, with the line that is missing', async () => {
  const { test, repository } = await ledger()
  await append(repository, [entryOf(1)], { ident, deadline: soon() })
  const notes = test.git('rev-parse', 'refs/notes/prov')
  await append(repository, [entryOf(2)], { ident, deadline: soon() })
  const tree = test.git('rev-parse', 'refs/notes/prov^{tree}')
  test.git('update-ref', 'refs/notes/prov', notes)
  await append(repository, [entryOf(2)], { ident, deadline: soon() })
  expect(test.git('rev-parse', 'refs/notes/prov^{tree}')).toBe(tree)
  expect(test.branch('records')).toHaveLength(2)
  expect((await rebuildNotes(repository)).changed).toBe(false)
})

describe('joining clones', () => {
  it('is the union, the same in either order, from one root', async () => {
    const a = await ledger()
    const b = await ledger()
    expect(b.test.git('rev-parse', 'prov')).toBe(a.test.git('rev-parse', 'prov'))
    for (let n = 1; n <= 3; n++) await append(a.repository, [entryOf(n)], { ident, deadline: soon() })
    for (let n = 3; n <= 5; n++) await append(b.repository, [entryOf(n)], { ident, deadline: soon() })
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      one.test.git('remote', 'add', 'other', other.test.path)
      one.test.git('fetch', '--quiet', 'other')
    }
    await joinRemotes(a.repository)
    await joinRemotes(b.repository)
    expect(a.test.git('rev-parse', 'prov^{tree}')).toBe(b.test.git('rev-parse', 'prov^{tree}'))
    expect(a.test.branch('records')).toHaveLength(5)
    expect(await joinRemotes(a.repository)).toHaveLength(0)
    fsck(a.test)
  })

  it('refuses a branch that is not ours', async () => {
    const { test, repository } = await ledger()
    const other = gitRepository()
    other.commit('x', { 'x.txt': 'x' })
    other.git('branch', 'prov')
    test.git('remote', 'add', 'other', other.path)
    test.git('fetch', '--quiet', 'other')
    await expect(joinRemotes(repository)).rejects.toMatchObject({ code: 'not-ours' })
  })
})

describe('many writers', () => {
  it('32 at once in one repository: every one there', async () => {
    const { test, repository } = await ledger()
    await Promise.all(
      Array.from({ length: 32 }, (_, n) => append(repository, [entryOf(n + 1)], { ident, deadline: soon() })),
    )
    expect(noteCount(test)).toBe(32)
    expect(test.branch('records')).toHaveLength(32)
    fsck(test)
  })

  it('32 commits at once from linked work trees: every one there', async () => {
    const test = gitRepository({ 'data/a.csv': 'a\n' })
    test.ok('init')
    test.commit('Baseline')
    const script = `i=0; while [ $i -lt 32 ]; do git worktree add -q -b w$i ../w$i || exit 1; i=$((i+1)); done
      i=0; while [ $i -lt 32 ]; do (cd ../w$i && git commit -q --allow-empty -m "w$i") & i=$((i+1)); done; wait`
    expect(test.run('sh', ['-c', script]).status).toBe(0)
    test.ok('capture')
    for (let i = 0; i < 32; i++) expect(test.captures(`w${i}`)).toHaveLength(1)
    expect(existsSync(join(test.path, '.git/prov/lock'))).toBe(false)
    fsck(test)
  }, 120_000)
})

it('works in packed, shallow, partial and borrowing repositories', async () => {
  const origin = gitRepository({ 'data/a.csv': 'a\n' })
  origin.ok('init')
  for (let n = 0; n < 3; n++) origin.commit(`c${n}`)
  origin.git('config', 'uploadpack.allowFilter', 'true')
  origin.git('gc', '--quiet')
  origin.commit('after gc')
  expect(origin.captures()).toHaveLength(1)
  for (const args of [
    ['--depth=1', '--no-single-branch'],
    ['--filter=blob:none'],
    ['--shared'],
    ['--single-branch'],
    ['--depth=1'],
  ]) {
    const clone = cloneOf(origin, ...args)
    clone.ok('init')
    expect(clone.captures('origin/main')).toHaveLength(1)
    clone.commit('here')
    expect([args, clone.captures().length]).toEqual([args, 1])
    expect([args, clone.prov('verify').stdout]).toEqual([args, expect.stringContaining('every one matches its name')])
  }
}, 120_000)
