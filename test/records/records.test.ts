import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { escapeLine, escapeText } from '../../src/base/escape.ts'
import { stringifyJson } from '../../src/base/json.ts'
import { nearest } from '../../src/base/nearest.ts'
import { pathText } from '../../src/base/path-text.ts'
import { classifyPath, environmentPath, manifestPath, recordPath } from '../../src/records/layout.ts'
import { parseNote } from '../../src/records/note.ts'
import { latestCapture } from '../../src/records/note-lines/capture-note.ts'
import { parseRecord } from '../../src/records/record.ts'
import { validate } from '../../src/records/validate.ts'
import { capture } from '../support/records.ts'

const digest = 'd'.repeat(64)

describe('a record', () => {
  it('is named by its bytes, reads back, and holds to its schema', async () => {
    const { id, text, record } = capture()
    expect(id).toBe(digestOf(text))
    expect(parseRecord(Buffer.from(text), id).record).toEqual(record)
    expect(await validate('capture', 1, record)).toEqual([])
  })

  it.each([
    ['unknown member', { ...capture().record, extra: 1 }, "has an unknown member 'extra'"],
    [
      'bad digest',
      { ...capture().record, environment: { digest: 'x', host: digest, software: digest } },
      'must match pattern',
    ],
    ['missing part', { ...capture().record, datasets: undefined }, "must have required property 'datasets'"],
    ['bad time', { ...capture().record, time: '2026-11-24' }, 'must match pattern'],
    ['bad link', { ...capture().record, links: [{ rel: 'used', to: 'http://x' }] }, 'must match pattern'],
    ['dataset name', { ...capture().record, datasets: { '../x': {} } }, 'must match pattern'],
  ])('with %s is refused by its schema', async (_, value, message) => {
    const problems = await validate('capture', 1, JSON.parse(JSON.stringify(value)))
    expect(problems.map((problem) => problem.message).join('\n')).toContain(message)
  })

  it.each([
    ['duplicate keys', '{\n  "a": 1,\n  "a": 1\n}\n'],
    ['another order', '{\n  "b": 1,\n  "a": 1\n}\n'],
    ['a number a double cannot hold', '{\n  "a": 12345678901234567890\n}\n'],
    ['no newline', '{\n  "a": 1\n}'],
    ['an array', '[]\n'],
    ['__proto__', '{\n  "__proto__": {}\n}\n'.replace('{}', '{ }')],
    ['no JSON', 'x'],
    ['deep nesting', '['.repeat(100_000)],
  ])('with %s is refused', (_, text) => {
    expect(() => parseRecord(Buffer.from(text), digestOf(text))).toThrow(expect.objectContaining({ code: 'record' }))
  })

  it('whose name says something else is refused', () => {
    expect(() => parseRecord(Buffer.from(capture().text), digest)).toThrow(/does not have the content its name says/)
  })
})

it('JSON has sorted keys at every depth, and no undefined', () => {
  expect(stringifyJson({ b: [{ d: 1, c: undefined }], a: null })).toBe(
    '{\n  "a": null,\n  "b": [\n    {\n      "d": 1\n    }\n  ]\n}\n',
  )
  expect(() => stringifyJson({ a: Number.NaN })).toThrow(TypeError)
})

it('paths follow from the thing alone, and nothing else is ours', () => {
  expect(classifyPath(recordPath('capture', '2026-11-24T10:00:00.000Z', digest))).toEqual({
    kind: 'record',
    recordKind: 'capture',
    id: digest,
  })
  expect(classifyPath(environmentPath(digest))).toEqual({ kind: 'environment', digest })
  expect(classifyPath(manifestPath(digest))).toEqual({ kind: 'manifest', digest })
  for (const path of [
    '../x',
    'records/capture/x.json',
    `manifests/aa/${digest}.txt`,
    'schemas/../x.v1.schema.json',
    '.git/config',
  ])
    expect(classifyPath(path)).toBeUndefined()
})

describe('a note', () => {
  const line = (time: string, more = {}) => JSON.stringify({ kind: 'capture', id: digest, time, ...more })

  it('gives its latest capture', () => {
    const { lines } = parseNote(`${line('2026-01-02', { environment: digest })}\n\n${line('2026-01-01')}\n`)
    expect(latestCapture(lines)?.environment).toBe(digest)
  })

  it.each([
    'not json',
    '{}',
    'null',
    '[]',
    line('x').replace(digest, 'short'),
    line('x', { environment: 1 }),
    line('x', { datasets: { a: null } }),
    line('x', { datasets: { a: { files: -1 } } }),
    '{"kind":"rewrite","id":1}',
  ])('skips %s', (text) => {
    expect(parseNote(text)).toEqual({ lines: [], skipped: 1 })
  })
})

describe('what comes from a repository is safe on a terminal', () => {
  it('for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeText(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/)
        expect(escapeLine(text)).not.toMatch(/[\n\t]/)
      }),
    )
  })
  it('and stays readable', () => expect(escapeLine('a\x1b[31m\u202eb\n')).toBe('a\\x1b[31m\\u{202e}b\\n'))
})

it.each([
  ['plain/é', 'plain/é'],
  [Buffer.from([0x66, 0xff, 0x25]), 'f%FF%25'],
])('a path of bytes %j is text %s', (bytes, text) => {
  expect(pathText(Buffer.from(bytes as string).toString('latin1'))).toBe(text)
})

it.each([
  ['comit', 'commit'],
  ['xyz', undefined],
  ['dataests', 'datasets'],
])('%s is most likely %s', (word, guess) => {
  expect(nearest(word, ['commit', 'datasets', 'log'])).toBe(guess)
})
