import { describe, expect, it } from 'vitest'
import { parseDateOption } from '../../src/base/date-option.ts'
import { digestOf } from '../../src/base/digest.ts'
import { patternProblem } from '../../src/base/safe-pattern.ts'
import { heldBy, isAmong } from '../../src/config/retention.ts'
import { formatArchive, packArchives, readArchiveIndex } from '../../src/records/branch/archive-file.ts'
import { recordPath } from '../../src/records/layout.ts'

const fileOf = (text: string) => {
  const id = digestOf(text)
  return { path: recordPath('capture', '2024-01-02T00:00:00Z', id), bytes: Buffer.from(text) }
}
const files = ['b\n', 'ä', '', 'c'.repeat(300)].map(fileOf)

describe('an archive file', () => {
  it('holds each file byte for byte at the place its list says', () => {
    const bytes = formatArchive(files)
    const index = readArchiveIndex(bytes, digestOf(bytes))
    for (const { path, bytes: content } of files) {
      const { start, end } = index.files.get(path) as { start: number; end: number }
      expect(bytes.subarray(start, end)).toEqual(content)
    }
    expect([...index.files.keys()]).toEqual(files.map(({ path }) => path).sort())
  })

  it('is the same whatever order its files came in', () => {
    expect(formatArchive(files.toReversed())).toEqual(formatArchive(files))
  })

  const bytes = formatArchive(files).toString('latin1')
  it.each([
    ['cut short', bytes.slice(0, -1)],
    ['with bytes to spare', `${bytes}x`],
    ['of another version', bytes.replace('archive 1', 'archive 2')],
    ['that counts wrong', bytes.replace(' 4\n', ' 3\n')],
    ['that counts beyond all bounds', bytes.replace(' 4\n', ' 999999\n')],
    ['that lists a path out of the branch', bytes.replace(/records\/capture/, '../../x/capture')],
    ['that lists a file twice', bytes.replace(files[1]?.path as string, files[0]?.path as string)],
    ['that is empty', ''],
  ])('%s is refused', (_, text) => {
    const changed = Buffer.from(text, 'latin1')
    expect(() => readArchiveIndex(changed, digestOf(changed))).toThrow(/^archive [0-9a-f]{12} /)
  })

  it('is refused under another name', () => {
    expect(() => readArchiveIndex(Buffer.from(bytes), digestOf('x'))).toThrow(/does not have the content/)
  })

  it('is begun anew before it grows too long', () => {
    const big = Array.from({ length: 5 }, (_, n) => ({ ...fileOf(`${n}`), bytes: Buffer.alloc(3 * 1024 * 1024) }))
    expect(packArchives(big).map((pack) => pack.length)).toEqual([2, 2, 1])
    expect(packArchives([])).toEqual([])
  })
})

describe('retention', () => {
  const record = { id: 'ab12cd34', kind: 'run', time: '2024-05-06T07:08:09Z' }
  it.each([
    [{ name: 'all' }, true],
    [{ name: 'kind', kinds: ['run'] as [string] }, true],
    [{ name: 'other kind', kinds: ['capture'] as [string] }, false],
    [{ name: 'that day', since: '2024-05-06', until: '2024-05-06' }, true],
    [{ name: 'later', since: '2024-05-07' }, false],
    [{ name: 'earlier', until: '2024-05-05' }, false],
    [{ name: 'id', records: ['ab12cd'] as [string] }, true],
    [{ name: 'other id', records: ['ffffff'] as [string] }, false],
  ])('a hold of %j', (hold, holds) => {
    expect(heldBy([hold], record) !== undefined).toBe(holds)
  })

  it('people are named by mail, in any case, or by role', () => {
    const roles = { 'release-owner': { people: ['Mei@example.org'] as [string] } }
    expect(isAmong(['mei@EXAMPLE.org'], 'mei@example.org')).toBe(true)
    expect(isAmong(['release-owner'], 'mei@example.org', roles)).toBe(true)
    expect(isAmong(['release-owner'], 'eve@example.org', roles)).toBe(false)
  })
})

describe('patterns of a policy', () => {
  it.each(['PAT-\\d{4}', '[A-Z]{2}\\d+', 'a{20,60}', '(?:x|y)-\\d{3}', 'AB\\+\\*'])('%s is run', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined()
  })
  it.each(['(a+)+b', '(a|a)*b', '(', 'a+b+c', 'a{1,900}b{1,900}', '(a)\\1', '(?<=a)b', '(ab){50}'])(
    '%s is not',
    (pattern) => {
      expect(patternProblem(pattern)).toMatch(/./)
    },
  )
})

describe('a date on the command line', () => {
  const now = new Date('2026-11-25T00:00:00Z')
  it.each([
    ['2025-01-31', '2025-01-31T00:00:00.000Z'],
    ['2025-01-31T10:00:00+01:00', '2025-01-31T09:00:00.000Z'],
    ['2 days', '2026-11-23T00:00:00.000Z'],
    ['1 year ago', '2025-11-24T18:00:00.000Z'],
  ])('%s', (text, expected) => {
    expect(parseDateOption('before', text, now).toISOString()).toBe(expected)
  })
  it.each(['2025-02-31', 'soon', '', '2025-13-01', '31.1.2025'])('%s is none', (text) => {
    expect(() => parseDateOption('before', text, now)).toThrow(/is not a date/)
  })
})
