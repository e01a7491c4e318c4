import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { type CachedFile, StatCache, writeStatCache } from '../../src/collect/datasets/stat-cache.ts'
import type { FileState } from '../../src/collect/datasets/walk.ts'
import { formatManifest } from '../../src/records/branch/manifest.ts'
import { temporaryFolder } from '../support/repository.ts'

const state: FileState = { size: 5n, mtimeNs: -7n, ctimeNs: 9n, ino: 2n ** 64n - 1n, mode: 0o100644n, dev: 1n }
const paths = ['-', 'a', 'a\nb', 'a\rc', 'b\\n', 'c/d', 'f\xff']
const files = paths.map((path): CachedFile => {
  const { size, mtimeNs, ctimeNs, ino, mode } = state
  return { path, digest: digestOf(path), words: [size, mtimeNs, ctimeNs, BigInt.asIntN(64, ino), mode], settled: true }
})

function written(entries: readonly CachedFile[]): string {
  const path = join(temporaryFolder(), 'cache')
  writeStatCache(path, entries)
  return path
}

describe('the stat cache', () => {
  it('knows every file that looks as it did, and has their manifest ready', () => {
    const cache = new StatCache(written(files))
    expect(paths.map((path) => cache.find(path, state))).toEqual(paths.map(() => true))
    expect(cache.manifest).toEqual(formatManifest(files))
    expect(cache.found()).toEqual(files)
  })

  it.each([
    ['one more', [...paths.slice(0, 3), 'a\rb', ...paths.slice(3)], paths.length],
    ['one less', paths.filter((path) => path !== 'a'), paths.length - 1],
    ['the last is gone', paths.slice(0, -1), paths.length - 1],
    ['none', [], 0],
  ])('%s: what is found is told, the manifest is not', (_, asked, found) => {
    const cache = new StatCache(written(files))
    for (const path of asked) cache.find(path, state)
    expect(cache.found()).toHaveLength(found)
    expect(cache.manifest).toBeUndefined()
  })

  it.each(['size', 'mtimeNs', 'ctimeNs', 'ino', 'mode'] as const)('another %s is another file', (field) => {
    const cache = new StatCache(written(files))
    const asked = paths.map((path) =>
      cache.find(path, path === 'c/d' ? { ...state, [field]: state[field] + 1n } : state),
    )
    expect(asked).toEqual(paths.map((path) => path !== 'c/d'))
    expect(cache.manifest).toBeUndefined()
  })

  it('keeps no file that may still change unseen', () => {
    const cache = new StatCache(written(files.map((file) => ({ ...file, settled: file.path !== 'a' }))))
    expect(paths.filter((path) => !cache.find(path, state))).toEqual(['a'])
  })

  it('with any byte changed or cut off, is no cache', () => {
    const path = written(files)
    const bytes = readFileSync(path)
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes)
      damaged[at] = (damaged[at] as number) ^ 0x10
      writeFileSync(path, at % 2 ? damaged : bytes.subarray(0, at))
      expect(new StatCache(path).find('-', state)).toBe(false)
    }
  })
})
