import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { lowerFolders, mixedFolders } from '../../src/collect/datasets/annex-folders.ts'
import { matcher, splitPath } from '../../src/collect/datasets/glob.ts'
import { hashFile } from '../../src/collect/datasets/hash-file.ts'
import { cloneOf, gitRepository } from '../support/repository.ts'
import { coreutils, fingerprint } from './fingerprint.ts'

const ignored = { '.gitignore': 'data/\n' }
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

describe('on disk', () => {
  it('many files, some of them large, are shared between threads', async () => {
    const test = gitRepository(ignored)
    const names = Array.from({ length: 5200 }, (_, i) => `data/${i % 13}/${i}`)
    test.write(Object.fromEntries(names.map((name) => [name, name])))
    test.write({
      'data/large': Buffer.alloc(3_000_000, 'x'),
      'data/chunk': Buffer.alloc(1 << 20, 'y'),
      'data/empty': '',
    })
    const digest = coreutils(join(test.path, 'data'))
    expect(await fingerprint(test, 'data')).toMatchObject({ state: 'complete', files: 5203, digest })
    expect(await fingerprint(test, 'data')).toMatchObject({ state: 'complete', files: 5203, digest })
  })

  it('what may not be read is named, a folder and a file and a whole dataset', async () => {
    const test = gitRepository({ ...ignored, 'data/a': 'a', 'data/b': 'b', 'data/closed/c': 'c' })
    const data = join(test.path, 'data')
    for (let folder = data; folder !== dirname(folder) && folder !== '/tmp'; folder = dirname(folder))
      chmodSync(folder, 0o755)
    mkdirSync(join(test.path, '.git/prov/cache'), { recursive: true })
    for (const path of ['b', 'closed']) chmodSync(join(data, path), 0)
    const root = process.getuid?.() === 0
    if (root) process.seteuid?.(65534)
    try {
      expect(await fingerprint(test, 'data', { commit: { oid: '0'.repeat(40) } })).toMatchObject({
        state: 'incomplete',
        files: 1,
        bytes: 1,
        problems: [
          { path: 'data/closed', reason: 'not readable (EACCES)' },
          { path: 'data/b', reason: 'not readable (EACCES)' },
        ],
      })
      const file = await fingerprint(test, 'data/b', { commit: { oid: '0'.repeat(40) } })
      expect(file).toMatchObject({ state: 'incomplete', reason: 'data/b: not readable (EACCES)' })
      expect(file).not.toHaveProperty('digest')
    } finally {
      if (root) process.seteuid?.(0)
      chmodSync(join(data, 'closed'), 0o755)
    }
  })

  it('a repository inside is fingerprinted without its .git, which is named', async () => {
    const test = gitRepository({ ...ignored, 'data/clone/a': 'a', 'data/clone/.git/HEAD': 'ref: x\n' })
    expect(await fingerprint(test, 'data')).toMatchObject({
      state: 'incomplete',
      files: 1,
      problems: [{ path: 'data/clone/.git', reason: 'the inside of a git repository is left out' }],
    })
  })

  it('a file that is gone since the commit shows in its folder', async () => {
    const test = gitRepository({ ...ignored, 'data/sub/a': 'a', 'data/sub/b': 'b' })
    const committedAt = BigInt(Date.now() - 1) * 1_000_000n
    await new Promise((resolve) => setTimeout(resolve, 20))
    rmSync(join(test.path, 'data/sub/b'))
    const { afterCommit } = await fingerprint(test, 'data', { committedAt: committedAt + 10_000_000n })
    expect(afterCommit).toEqual({ count: 1, paths: ['data/sub/'] })
  })

  it('nothing that matches is no empty dataset; a name with wildcard characters is a name', async () => {
    const test = gitRepository({ ...ignored, 'data/[1].csv': 'one', 'data/1.csv': '1' })
    expect(await fingerprint(test, 'data/*.parquet')).toMatchObject({ state: 'missing', reason: 'no file matches' })
    expect(await fingerprint(test, 'data/[1].csv')).toMatchObject({ digest: digestOf('one'), files: 1 })
    expect(await fingerprint(test, 'data/[12].csv')).toMatchObject({ files: 1, manifest: true })
  })

  it.each(['new\nline', 'a/b/../c', '', '.', '/', 'data/'])('the path %j is no reason to throw', async (path) => {
    const test = gitRepository({ 'data/a': 'a' })
    test.commit('x')
    expect(await fingerprint(test, path)).toHaveProperty('state')
  })

  it('a file that keeps changing is given up, and one that changed once is read again', async () => {
    const test = gitRepository({ ...ignored, 'data/a': 'aaa' })
    const state = { size: 3n, mtimeNs: 1n, ctimeNs: 1n, ino: 1n, mode: 0o100644n, dev: 1n }
    expect(await hashFile(join(test.path, 'data/a'), state, () => true)).toMatchObject({ digest: digestOf('aaa') })
    const big = join(test.path, 'data/big')
    writeFileSync(big, Buffer.alloc(2 << 20))
    let turn = 0
    const keepOn = () => {
      writeFileSync(big, Buffer.alloc(2 << 20, ++turn))
      return true
    }
    expect(await hashFile(big, { ...state, size: 2n << 20n }, keepOn)).toEqual({ reason: 'changed while being read' })
  })
})

describe('tracked', () => {
  it('keeps to its budget, and goes on from there', async () => {
    const test = gitRepository({ 'data/a': 'a', 'data/b': Buffer.alloc(50_000, 'b') })
    test.commit('x')
    const late = await fingerprint(test, 'data', { deadline: 0 })
    expect(late).toMatchObject({ state: 'pending', source: 'git', reason: '50 kB in 2 files to read' })
    const digest = coreutils(join(test.path, 'data'))
    for (let i = 0; i < 2; i++)
      expect(await fingerprint(test, 'data')).toMatchObject({ state: 'complete', digest, bytes: 50_001 })
    // Known by its tree's name: no time is needed any more.
    expect(await fingerprint(test, 'data', { deadline: 0 })).toMatchObject({ state: 'complete', digest })
  })

  it('a pattern none of whose matches is tracked is data on disk', async () => {
    const test = gitRepository({ 'data/README': 'tracked', 'data/.gitignore': 'x.csv\n' })
    test.commit('x')
    test.write({ 'data/x.csv': 'x', 'data/y.csv': 'y' })
    expect(await fingerprint(test, 'data/*.csv')).toMatchObject({ state: 'complete', source: 'disk', files: 2 })
  })

  it('what a partial clone does not have is named, and nothing is fetched', async () => {
    const test = gitRepository({ 'data/a': 'a', 'data/b': 'b' })
    test.git('config', 'uploadpack.allowFilter', 'true')
    test.commit('x')
    const clone = cloneOf(test, '--filter=blob:none', '--no-checkout')
    test.git('config', 'uploadpack.allowFilter', 'false')
    rmSync(join(test.path, '.git/objects'), { recursive: true })
    const dataset = await fingerprint(clone, 'data', { late: true })
    // The digest of no files would pass for that of data.
    expect(dataset).not.toHaveProperty('digest')
    expect(dataset).toMatchObject({
      state: 'incomplete',
      problemCount: 2,
      problems: [{ path: 'data/a', reason: 'its blob is not in this clone' }, { path: 'data/b' }],
    })
  })

  it('a git that cannot tell what is uncommitted is said', async () => {
    const test = gitRepository({ 'data/a': 'a' })
    test.commit('x')
    writeFileSync(join(test.path, '.git/index'), 'damaged')
    const { state, digest, reason } = await fingerprint(test, 'data')
    expect({ state, digest }).toEqual({ state: 'incomplete', digest: coreutils(join(test.path, 'data')) })
    expect(reason).toMatch(/^data: uncommitted changes are not known: .*index file/)
  })

  it('another commit than HEAD is told as it was, without what is uncommitted now', async () => {
    const test = gitRepository({ 'data/a': 'a' })
    const oid = test.commit('x')
    const digest = coreutils(join(test.path, 'data'))
    test.commit('y', { 'data/a': 'b' })
    test.write({ 'data/a': 'c' })
    const dataset = await fingerprint(test, 'data', { commit: { oid } })
    expect(dataset).toMatchObject({ state: 'complete', digest })
    expect(dataset).not.toHaveProperty('uncommitted')
  })

  it('annexed content whose key has no SHA-256 is read where git-annex keeps it, and its md5 is an alias', async () => {
    const content = 'annexed'
    const key = `MD5E-s${content.length}--${md5(content)}.bin`
    for (const folders of [mixedFolders(key), lowerFolders(key)]) {
      const test = gitRepository({ 'data/unlocked.bin': `/annex/objects/${key}\n` })
      symlinkSync(`../.git/annex/objects/${mixedFolders(key)}/${key}/${key}`, join(test.path, 'data/locked.bin'))
      test.commit('x')
      test.write({ [`.git/annex/objects/${folders}/${key}/${key}`]: content })
      const lines = ['locked.bin', 'unlocked.bin'].map((name) => `${digestOf(content)}  ${name}\n`)
      for (const late of [false, true])
        expect(await fingerprint(test, 'data', { late })).toMatchObject({
          state: 'complete',
          digest: digestOf(lines.join('')),
        })
      expect(await fingerprint(test, 'data/locked.bin')).toMatchObject({
        digest: digestOf(content),
        aliases: { md5: md5(content) },
      })
    }
  })

  it('the same bytes as a file and as a link are two things', async () => {
    const test = gitRepository({ 'data/a': 'b', 'data/b': 'content' })
    symlinkSync('b', join(test.path, 'data/c'))
    test.commit('x')
    for (let i = 0; i < 2; i++)
      expect(await fingerprint(test, 'data', { late: i === 1 })).toMatchObject({
        digest: coreutils(join(test.path, 'data')),
        files: 3,
      })
  })
})

describe('DVC', () => {
  it('an alias is what the content has, also when it changed since it was added', async () => {
    const dvc = `outs:\n- md5: ${md5('xml')}\n  size: 3\n  hash: md5\n  path: a.xml\n`
    const test = gitRepository({ 'data/a.xml.dvc': dvc, 'data/.gitignore': '/a.xml\n', 'data/a.xml': 'xml' })
    test.commit('x')
    const same = await fingerprint(test, 'data/a.xml')
    expect(same).toMatchObject({ source: 'dvc', digest: digestOf('xml'), aliases: { md5: md5('xml') } })
    expect(same).not.toHaveProperty('uncommitted')
    test.write({ 'data/a.xml': 'XML' })
    expect(await fingerprint(test, 'data/a.xml')).toMatchObject({
      aliases: { md5: md5('XML') },
      uncommitted: { paths: [{ path: 'data/a.xml', change: 'modified' }] },
    })
  })

  it('what lies in an output that is not here is not just missing', async () => {
    const lock = `schema: '2.0'\nstages:\n  s:\n    cmd: c\n    outs:\n    - path: prepared\n      md5: ${md5('x')}.dir\n      nfiles: 2\n      size: 9\n`
    const test = gitRepository({ 'work/dvc.lock': lock, 'work/.gitignore': '/prepared\n' })
    test.commit('x')
    expect(await fingerprint(test, 'work/prepared/a.csv')).toMatchObject({
      state: 'missing',
      source: 'dvc',
      reason: 'its content is not here; dvc pull work/prepared',
    })
    expect(await fingerprint(test, 'work/prepared', { late: true })).toMatchObject({
      state: 'missing',
      aliases: { md5: `${md5('x')}.dir` },
      files: 2,
      bytes: 9,
    })
  })
})

describe('patterns', () => {
  it.each([
    ['data/train', 'data/train', undefined],
    ['./data//train/', 'data/train', undefined],
    ['.', '', undefined],
    ['data/*.csv', 'data', '*.csv'],
    ['**/*.csv', '', '**/*.csv'],
    ['a/b{1,2}/c', 'a', 'b{1,2}/c'],
  ])('%j begins at %j', (path, base, pattern) => expect(splitPath(path)).toEqual({ base, pattern }))

  it.each([
    ['*.csv', 'a.csv', true],
    ['*.csv', 'deep/a.csv', false],
    ['**/*.csv', 'deep/a.csv', true],
    ['?.csv', Buffer.from('é.csv').toString('latin1'), true],
    ['?.csv', 'a\xff.csv', false],
    ['??.csv', 'a\xff.csv', true],
    ['é*', Buffer.from('état').toString('latin1'), true],
    ['!a', 'b', false],
  ])('%j and %j: %s', async (pattern, path, matches) => expect((await matcher(pattern))(path)).toBe(matches))
})

// What `git annex examinekey --format='${hashdirmixed} ${hashdirlower}'` of 10.20230126 says.
it.each([
  ['SHA256E-s0--e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'pX/ZJ', 'f87/4d5'],
  ['MD5E-s0--d41d8cd98f00b204e9800998ecf8427e', '2W/kW', 'bcc/8bb'],
])('the folders of the annex key %s', (key, mixed, lower) => {
  expect([mixedFolders(key), lowerFolders(key)]).toEqual([mixed, lower])
})
