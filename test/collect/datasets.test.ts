import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { parseOutputs } from '../../src/collect/datasets/dvc.ts'
import { parseAnnexPointer, parseLfsPointer } from '../../src/collect/datasets/pointers.ts'
import { isSettled } from '../../src/collect/datasets/scan-time.ts'
import { parseStatus } from '../../src/git/work-tree/status.ts'
import { gitRepository } from '../support/repository.ts'
import { coreutils, fingerprint } from './fingerprint.ts'

const ignored = { '.gitignore': 'data/\n' }

describe('data on disk', () => {
  it('has the digest coreutils give, links followed', async () => {
    const test = gitRepository({ ...ignored, 'data/a/1.csv': '1\n', 'data/b.csv': '2\n', 'data/a-b': '3' })
    symlinkSync('a/1.csv', join(test.path, 'data/link.csv'))
    symlinkSync('a', join(test.path, 'data/folder'))
    test.commit('x')
    const dataset = await fingerprint(test, 'data')
    expect(dataset).toMatchObject({
      state: 'complete',
      source: 'disk',
      files: 5,
      bytes: 9,
      digest: coreutils(join(test.path, 'data')),
    })
  })

  it('whatever its names hold, also from the cache', async () => {
    const test = gitRepository(ignored)
    const names = ['new\nline', "quo'te", 'back\\slash', 'esc\x1b[31m', '-dash', 'ünï', 'a', 'a-b/c', 'a.b', 'ab/d']
    test.write(Object.fromEntries(names.map((name) => [`data/${name}`, name])))
    test.write({ 'data/a-': '1', 'data/a0/x': '2' })
    writeFileSync(Buffer.concat([Buffer.from(`${test.path}/data/`), Buffer.from([0x66, 0xff, 0xfe])]), 'invalid')
    const digest = coreutils(join(test.path, 'data'))
    for (let i = 0; i < 3; i++) expect(await fingerprint(test, 'data')).toMatchObject({ state: 'complete', digest })
    test.write({ 'data/a-b/c': 'changed' })
    expect((await fingerprint(test, 'data')).digest).toBe(coreutils(join(test.path, 'data')))
  })

  it('an empty folder and a single file', async () => {
    const test = gitRepository({ ...ignored, 'data/one.bin': 'one' })
    mkdirSync(join(test.path, 'data/empty'))
    expect(await fingerprint(test, 'data/empty')).toMatchObject({ state: 'complete', files: 0, digest: digestOf('') })
    expect(await fingerprint(test, 'data/one.bin')).toMatchObject({
      state: 'complete',
      files: 1,
      bytes: 3,
      digest: digestOf('one'),
    })
  })

  it('names what cannot be read: broken links, loops, pipes, no permission', async () => {
    const test = gitRepository({ ...ignored, 'data/good': 'good', 'data/secret': 'x' })
    const data = join(test.path, 'data')
    symlinkSync('nowhere', join(data, 'broken'))
    symlinkSync('.', join(data, 'loop'))
    symlinkSync('self', join(data, 'self'))
    execFileSync('mkfifo', [join(data, 'pipe')])
    const dataset = await fingerprint(test, 'data')
    expect(dataset.state).toBe('incomplete')
    expect(new Map(dataset.problems?.map(({ path, reason }) => [path, reason]))).toEqual(
      new Map([
        ['data/broken', 'a link to nothing'],
        ['data/self', 'a link that leads to itself (ELOOP)'],
        ['data/loop', 'a link to a folder it lies in'],
        ['data/pipe', 'not a regular file'],
      ]),
    )
    expect(dataset.problemCount).toBe(4)
    expect(dataset.digest).toBe(coreutils(data))
    chmodSync(join(data, 'secret'), 0)
  })

  it('a change of the same size and time is seen by its change time; nothing changed reads nothing', async () => {
    const test = gitRepository({ ...ignored, 'data/a': 'aaaa' })
    const path = join(test.path, 'data/a')
    utimesSync(path, 1_000_000, 1_000_000)
    const before = await fingerprint(test, 'data')
    expect((await fingerprint(test, 'data')).digest).toBe(before.digest)
    writeFileSync(path, 'bbbb')
    utimesSync(path, 1_000_000, 1_000_000)
    expect((await fingerprint(test, 'data')).digest).toBe(coreutils(join(test.path, 'data')))
  })

  it('a stat cache that is damaged is no cache', async () => {
    const test = gitRepository({ ...ignored, 'data/a': 'a', 'data/b': 'b' })
    const { digest } = await fingerprint(test, 'data')
    const [cache] = readdirSync(join(test.path, '.git/prov/cache/stat'))
    for (const content of ['', 'garbage', 'git-prov stat cache 2\n\0\0xxxxxxxxxxxxxxxxxxx']) {
      writeFileSync(join(test.path, '.git/prov/cache/stat', cache as string), content)
      expect((await fingerprint(test, 'data')).digest).toBe(digest)
    }
  })

  it('is pending when the budget is over, and goes on from there', async () => {
    const files = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`data/${i}`, Buffer.alloc(3_000_000, i)]))
    const test = gitRepository({ ...ignored, ...files })
    expect(await fingerprint(test, 'data', { deadline: 0 })).toMatchObject({
      state: 'pending',
      reason: '15 MB in 5 files to read',
    })
    const aborted = new AbortController()
    aborted.abort()
    const test2 = gitRepository({ ...ignored, 'data/big': Buffer.alloc(300_000_000) })
    expect(await fingerprint(test2, 'data', { signal: aborted.signal })).toMatchObject({
      state: 'pending',
      reason: '300 MB in 1 file to read',
    })
    expect((await fingerprint(test2, 'data')).state).toBe('complete')
  })

  it('tells apart files that changed after the commit', async () => {
    const test = gitRepository({ ...ignored, 'data/a': 'a' })
    expect(await fingerprint(test, 'data', { committedAt: 1n })).toMatchObject({
      afterCommit: { count: 1, paths: ['data/a'] },
    })
    expect(
      await fingerprint(test, 'data', { committedAt: BigInt(Date.now() + 60_000) * 1_000_000n }),
    ).not.toHaveProperty('afterCommit')
  })

  it('a glob takes what matches, named from the folder before the first wildcard', async () => {
    const test = gitRepository({ ...ignored, 'data/a.csv': 'a', 'data/b.txt': 'b', 'data/deep/c.csv': 'c' })
    const manifest = (names: string[]) =>
      digestOf(
        names
          .map((name) => `${digestOf((name.match(/(\w)\.csv/) as RegExpMatchArray)[1] as string)}  ${name}\n`)
          .join(''),
      )
    expect((await fingerprint(test, 'data/*.csv')).digest).toBe(manifest(['a.csv']))
    expect((await fingerprint(test, 'data/**/*.csv')).digest).toBe(manifest(['a.csv', 'deep/c.csv']))
  })

  it('nothing there is said, and a bare repository has none', async () => {
    const test = gitRepository()
    expect(await fingerprint(test, 'nowhere')).toMatchObject({
      state: 'missing',
      reason: 'there is nothing at its path',
    })
  })
})

describe('tracked data', () => {
  it('is fingerprinted as committed, the same late as at the commit; changes beside it are named', async () => {
    const test = gitRepository({ 'data/a.csv': 'a\n', 'data/b.csv': 'b\n' })
    const oid = test.commit('x')
    const digest = coreutils(join(test.path, 'data'))
    expect(await fingerprint(test, 'data')).toMatchObject({
      state: 'complete',
      source: 'git',
      digest,
      files: 2,
      bytes: 4,
    })
    test.write({ 'data/a.csv': 'changed', 'data/new.csv': 'new' })
    test.run('rm', ['data/b.csv'])
    const dirty = await fingerprint(test, 'data')
    expect(dirty.digest).toBe(digest)
    expect(dirty.uncommitted).toEqual({
      count: 3,
      paths: [
        { path: 'data/a.csv', change: 'modified' },
        { path: 'data/b.csv', change: 'removed' },
        { path: 'data/new.csv', change: 'added' },
      ],
    })
    expect(await fingerprint(test, 'data', { late: true, commit: { oid } })).toMatchObject({
      digest,
      state: 'complete',
    })
  })

  it('beside ignored files: tracked as committed, ignored as they lie on disk', async () => {
    const test = gitRepository({ 'data/.gitignore': '*.bin\n', 'data/a.csv': 'a', 'data/b.bin': 'b' })
    test.commit('x')
    expect(await fingerprint(test, 'data')).toMatchObject({
      source: 'mixed',
      files: 3,
      digest: coreutils(join(test.path, 'data')),
    })
  })

  it('git-lfs pointers and git-annex keys stand for their content', async () => {
    const content = 'the content'
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${digestOf(content)}\nsize ${content.length}\n`
    const test = gitRepository({
      'data/lfs.bin': pointer,
      'data/unlocked.bin': `/annex/objects/SHA256E-s11--${digestOf(content)}.bin\n`,
    })
    symlinkSync(
      `../.git/annex/objects/aa/bb/SHA256-s11--${digestOf(content)}/SHA256-s11--${digestOf(content)}`,
      join(test.path, 'data/locked.bin'),
    )
    symlinkSync(
      '../.git/annex/objects/aa/bb/MD5E-s11--900150983cd24fb0d6963f7d28e17f72.bin/MD5E-s11--900150983cd24fb0d6963f7d28e17f72.bin',
      join(test.path, 'data/weak.bin'),
    )
    test.commit('x')
    const dataset = await fingerprint(test, 'data')
    const manifest = ['lfs.bin', 'locked.bin', 'unlocked.bin'].map((name) => `${digestOf(content)}  ${name}\n`).join('')
    expect(dataset).toMatchObject({ state: 'incomplete', digest: digestOf(manifest), files: 3, bytes: 33 })
    expect(dataset.problems?.[0]).toMatchObject({
      path: 'data/weak.bin',
      reason: expect.stringContaining('its key has no SHA-256'),
    })
    expect(await fingerprint(test, 'data/lfs.bin')).toMatchObject({
      digest: digestOf(content),
      bytes: 11,
      source: 'git',
    })
  })

  it('a tracked link stands for what it leads to, as committed where the commit has it', async () => {
    const test = gitRepository({ 'data/a': 'a', 'data/deep/b': 'b', 'shared/c': 'c', 'shared/more/d': 'd' })
    const data = join(test.path, 'data')
    symlinkSync('a', join(data, 'link'))
    symlinkSync('link', join(data, 'chain'))
    symlinkSync('../shared', join(data, 'folder'))
    symlinkSync('folder/more/d', join(data, 'through'))
    test.commit('x')
    const digest = coreutils(data)
    test.write({ 'shared/c': 'changed later' })
    for (const late of [false, true, true])
      expect(await fingerprint(test, 'data', { late })).toMatchObject({
        state: 'complete',
        source: 'git',
        digest,
        files: 7,
      })
  })

  it('links out of the repository are read on disk; loops and submodules are named', async () => {
    const test = gitRepository({ 'data/a': 'a' })
    const data = join(test.path, 'data')
    const outside = join(test.path, '../outside')
    writeFileSync(outside, 'outside')
    symlinkSync(outside, join(data, 'out'))
    test.commit('x')
    expect(await fingerprint(test, 'data')).toMatchObject({
      state: 'complete',
      source: 'mixed',
      digest: coreutils(data),
    })
    expect(await fingerprint(test, 'data', { late: true })).toMatchObject({
      state: 'incomplete',
      problems: [{ path: 'data/out', reason: 'a link to something that is not in the commit' }],
    })
    symlinkSync('.', join(data, 'loop'))
    symlinkSync('self', join(data, 'self'))
    test.git('update-index', '--add', '--cacheinfo', `160000,${test.head()},data/module`)
    test.git('add', 'data/loop', 'data/self')
    test.git('commit', '-q', '-m', 'y')
    const { state, problems } = await fingerprint(test, 'data')
    expect(state).toBe('incomplete')
    expect(problems).toEqual([
      { path: 'data/loop', reason: 'a link to a folder it lies in' },
      { path: 'data/module', reason: `a git submodule at ${test.git('rev-parse', 'HEAD~').slice(0, 12)}` },
      { path: 'data/self', reason: 'a link that leads to itself (ELOOP)' },
    ])
  })

  it('a bare repository knows what is committed', async () => {
    const test = gitRepository({ 'data/a': 'a' })
    test.commit('x')
    const digest = coreutils(join(test.path, 'data'))
    test.git('config', 'core.bare', 'true')
    const bare = Object.assign(Object.create(Object.getPrototypeOf(test)), { ...test, path: join(test.path, '.git') })
    expect(await fingerprint(bare, 'data')).toMatchObject({ source: 'git', digest })
  })
})

describe('DVC outputs', () => {
  const dvcFile = 'outs:\n- md5: 22a1a2931c8370d3aeedd7183606fd7f\n  size: 3\n  hash: md5\n  path: data.xml\n'

  it('have their md5 as alias; content that is not here is said', async () => {
    const test = gitRepository({ 'data/data.xml.dvc': dvcFile, 'data/.gitignore': '/data.xml\n' })
    test.commit('x')
    expect(await fingerprint(test, 'data/data.xml')).toMatchObject({
      state: 'missing',
      source: 'dvc',
      aliases: { md5: '22a1a2931c8370d3aeedd7183606fd7f' },
      reason: 'its content is not here; dvc pull data/data.xml',
    })
    test.write({ 'data/data.xml': 'xml' })
    expect(await fingerprint(test, 'data/data.xml')).toMatchObject({
      state: 'complete',
      source: 'dvc',
      digest: digestOf('xml'),
    })
    test.write({ 'data/data.xml': 'longer' })
    expect((await fingerprint(test, 'data/data.xml')).uncommitted?.count).toBe(1)
  })

  it.each([
    [dvcFile, [{ path: 'data.xml', md5: '22a1a2931c8370d3aeedd7183606fd7f', size: 3 }]],
    [
      'schema: "2.0"\nstages:\n  prepare:\n    cmd: x\n    outs:\n    - path: out\n      md5: 22a1a2931c8370d3aeedd7183606fd7f.dir\n      nfiles: 2\n',
      [{ path: 'out', md5: '22a1a2931c8370d3aeedd7183606fd7f.dir', files: 2, oldHash: true }],
    ],
    ['a: &a [1]\nb: *a\n', []],
    ['{', []],
    ['- 1', []],
  ])('%j', async (text, outputs) => expect(await parseOutputs(text)).toEqual(outputs))
})

it.each([
  ['version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 1\n', undefined],
  ['not a pointer', undefined],
])('no git-lfs pointer: %j', (text, result) => expect(parseLfsPointer(text)).toBe(result))

const hex = 'a'.repeat(64)
it.each([
  [
    `.git/annex/objects/x/y/SHA256E-s5--${hex}.tar.gz/SHA256E-s5--${hex}.tar.gz`,
    { key: `SHA256E-s5--${hex}.tar.gz`, digest: hex, size: 5 },
  ],
  [`/annex/objects/MD5-s5--${'b'.repeat(32)}\n`, { key: `MD5-s5--${'b'.repeat(32)}`, md5: 'b'.repeat(32), size: 5 }],
  [`/annex/objects/SHA256-s5-S100-C1--${hex}`, { key: `SHA256-s5-S100-C1--${hex}`, size: 5 }],
  ['/annex/objects/URL--http&c%%x', { key: 'URL--http&c%%x' }],
  ['/annex/objects/WORM-s1-m2--x', { key: 'WORM-s1-m2--x', size: 1 }],
  ['annex/objects/nothing', undefined],
])('the annex key in %j', (text, parts) => expect(parseAnnexPointer(text)).toEqual(parts))

it('git status in its -z form', () => {
  expect(parseStatus(' M a\0?? new\nline\0!! ig/x\0!! dir/\0D  gone\0A  staged\0')).toEqual({
    changes: [
      { path: 'a', change: 'modified' },
      { path: 'new\nline', change: 'added' },
      { path: 'gone', change: 'removed' },
      { path: 'staged', change: 'added' },
    ],
    ignored: ['ig/x', 'dir/'],
  })
})

it.each([
  [100_000_000_000n, true],
  [999_995_000_001n, false],
  [1_000_000_000_001n, false],
  [998_000_000_000n, false],
  [997_000_000_000n, true],
])('racy timestamps: a file of %d is trusted at 1,000 s: %s', (time, trusted) => {
  const scan = { now: 1_000_000_000_000n, dev: 1n, tick: 10_000_000n }
  expect(isSettled({ mtimeNs: time, ctimeNs: time, dev: 1n }, scan)).toBe(trusted)
})
