import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { byteString, fsPath } from '../../src/base/path-text.ts'
import { walk } from '../../src/collect/datasets/walk.ts'
import { diffManifests, formatManifest, parseManifest } from '../../src/records/branch/manifest.ts'
import { temporaryFolder } from '../support/repository.ts'

const command = "find -L . -type f -printf '%P\\0' | LC_ALL=C sort -z | xargs -0 -r sha256sum --"

describe('a manifest is what coreutils print', () => {
  it('for names with newline, quote, backslash, escape, invalid UTF-8, a leading dash', () => {
    const folder = temporaryFolder()
    const names = [
      'a-b',
      'a.txt',
      'a/b',
      'new\nline',
      "quo'te",
      'back\\slash',
      'esc\x1b[31m',
      '-dash',
      'ünï',
      'carriage\rreturn',
      ' space',
      'z/y/x',
      'B',
    ]
    for (const name of names) {
      mkdirSync(join(folder, name, '..'), { recursive: true })
      writeFileSync(join(folder, name), name)
    }
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff, 0xfe])]), 'invalid')
    const entries: { path: string; digest: string }[] = []
    const read = (path: string) => digestOf(readFileSync(fsPath(`${byteString(folder)}/${path}`)))
    walk(byteString(folder), [''], { file: (path) => entries.push({ path, digest: read(path) }), problem: () => {} })
    expect(entries.map(({ path }) => path)).toEqual(entries.map(({ path }) => path).sort())
    expect(formatManifest(entries)).toEqual(execFileSync('sh', ['-c', command], { cwd: folder }))
  })

  it('in byte order, whatever the order of the entries', () => {
    const digest = 'a'.repeat(64)
    const paths = ['b', 'a/c', 'a-b', 'a']
    expect(formatManifest(paths.map((path) => ({ path, digest }))).toString()).toBe(
      ['a', 'a-b', 'a/c', 'b'].map((path) => `${digest}  ${path}\n`).join(''),
    )
  })

  it('and reads back as it was written', () => {
    const special = fc.constantFrom('\\', '\n', '\r', '"', ' ', '-', '/')
    const any = fc.integer({ min: 1, max: 0x10ffff }).map((code) => String.fromCodePoint(code))
    const path = fc.string({ unit: fc.oneof(special, any), minLength: 1, maxLength: 12 }).map(byteString)
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 6 }), (paths) => {
        const entries = paths.sort().map((one) => ({ path: one, digest: digestOf(one) }))
        expect(parseManifest(formatManifest(entries))).toEqual(entries)
      }),
      { numRuns: 50 },
    )
  })

  it.each(['abc\n', `${'a'.repeat(64)} one-space\n`, `${'a'.repeat(64)}  no end`, `${'A'.repeat(64)}  upper\n`])(
    'refuses %j',
    (text) => {
      expect(() => parseManifest(Buffer.from(text))).toThrow(/manifest/)
    },
  )
})

it('a difference names what was added, removed and modified', () => {
  const entry = (path: string, digest: string) => ({ path, digest })
  expect(
    diffManifests(
      [entry('a', '1'), entry('b', '1'), entry('c', '1')],
      [entry('b', '2'), entry('c', '1'), entry('d', '1')],
    ),
  ).toEqual({ added: ['d'], removed: ['a'], modified: ['b'] })
})
