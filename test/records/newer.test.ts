import { describe, expect, it } from 'vitest'
import { classifyPath, recordPath } from '../../src/records/layout.ts'
import { isByNewer } from '../../src/records/newer.ts'
import { formatNoteLine, isNewer, noteLines, parseNote } from '../../src/records/note.ts'
import { addToNote } from '../../src/records/note-lines/note-order.ts'
import { renderRecord } from '../../src/records/show-record.ts'
import { splitUnknown, validate, validateEnvelope } from '../../src/records/validate.ts'
import { painter } from '../../src/render/colour.ts'
import { everyKind } from '../support/every-kind.ts'
import { capture } from '../support/records.ts'
import { aRun } from '../support/runs.ts'

const id = 'a'.repeat(64)
const time = '2026-11-25T09:00:00.000Z'
const line = (fields: object) => JSON.stringify({ id, time, ...fields })

describe('the name of a kind', () => {
  it.each(['card', 'no-such-kind', 'x2', 'a'.repeat(32)])('may be %s', (kind) => {
    expect(classifyPath(recordPath(kind, time, id))).toMatchObject({ recordKind: kind })
    expect(parseNote(line({ kind })).lines).toMatchObject([{ kind: 'unread', of: kind }])
  })

  it.each(['c', '-card', 'Card', '2card', 'card_', 'ca/rd', '', 'a'.repeat(33)])('may not be %j', async (kind) => {
    expect(classifyPath(recordPath(kind, time, id))).toBeUndefined()
    expect(parseNote(line({ kind }))).toEqual({ lines: [], skipped: 1 })
    expect(await validateEnvelope({ ...capture().record, kind })).not.toEqual([])
  })
})

describe('a note line that cannot be read here', () => {
  it.each([
    `{"kind":"no-such-kind","id":"${id}","v":9}`,
    `{ "time": "${time}", "kind":"no-such-kind", "n": 1.0e2, "big": 12345678901234567890, "id":"${id}" }`,
  ])('stays as it stands: %s', (text) => {
    const { lines, skipped } = parseNote(text)
    expect(skipped).toBe(0)
    expect(lines.map(formatNoteLine)).toEqual([text])
    expect(lines.every(isNewer)).toBe(true)
    expect(addToNote(`${text}\n`, [])).toBe(`${text}\n`)
  })

  it.each([
    ['of a kind that has more to say, written by a version that did not know it', { kind: 'run' }, 'unread'],
    ['of a kind that has no more to say', { kind: 'seal' }, 'seal'],
    ['that is damaged', { kind: 'run', phase: 1 }, undefined],
    ['of no record', { kind: 'no-such-kind', id: 'x' }, undefined],
  ])('is told from one %s', (_, fields, kind) => expect(parseNote(line(fields)).lines[0]?.kind).toBe(kind))

  it('makes place for one of the same record that can be read, and keeps it where there is none', () => {
    const [stored] = everyKind.run
    const full = [...noteLines(stored as never).values()]
    const poor = JSON.stringify({ id: stored?.id, kind: 'run', time: stored?.record.time })
    expect(addToNote(`${poor}\n`, full)).toBe(`${formatNoteLine(full[0] as never)}\n`)
    expect(addToNote(`${formatNoteLine(full[0] as never)}\n`, parseNote(poor).lines)).toBe(
      `${formatNoteLine(full[0] as never)}\n`,
    )
  })

  it('is kept against the poorer one that this version would write', () => {
    const rich = `{"id":"${id}","kind":"no-such-kind","time":"${time}","title":"x"}\n`
    expect(addToNote(rich, parseNote(line({ kind: 'no-such-kind' })).lines)).toBe(rich)
  })
})

describe('a member that is not known here', () => {
  const { record } = capture()
  it.each([
    ['at the top', { ...record, comment: 'x' }, ['capture.comment']],
    [
      'below',
      { ...record, datasets: { train: { ...record.datasets.train, rows: 3 } } },
      ['capture.datasets.train.rows'],
    ],
    ['beside one that is wrong', { ...record, comment: 'x', late: 'yes' }, undefined],
    ['beside one that lacks', { ...record, comment: 'x', datasets: undefined }, undefined],
    ['of a name to be escaped', { ...record, 'a/b~c': 1 }, ['capture.a/b~c']],
    [
      'in too many forms',
      { ...record, ...Object.fromEntries([...Array(200).keys()].map((n) => [`m${n}`, n])) },
      undefined,
    ],
  ])('%s', async (_, value, names) => {
    const split = await splitUnknown('capture', 1, value)
    expect(split?.names).toEqual(names)
    if (split) expect(split.known).toEqual(record)
  })

  it.each([
    ['git-prov', '99.0.0', true],
    ['git-prov', '0.0.0-test', false],
    ['git-prov', 'x', false],
    ['another', '99.0.0', false],
  ])('may be by %s %s: %s', (name, version, may) => expect(isByNewer({ tool: { name, version } })).toBe(may))
})

describe('the name of a source', () => {
  const imported = (from: string) => ({ ...aRun().record, imported: { from, source: 'runs.db', key: '1' } })

  it.each(['sacred', 'weights-and-biases'])('may be that of a tool only a newer version imports: %s', async (from) => {
    expect(await validate('run', 1, imported(from))).toEqual([])
  })

  it.each(['', 'Sacred', '../x', 'a b', 'x'.repeat(33)])('may not be %j', async (from) => {
    expect(await validate('run', 1, imported(from))).toMatchObject([{ pointer: '/imported/from' }])
  })
})

it('a known kind in a version of a newer git-prov is shown as it is stored', () => {
  const stored = aRun()
  const record = {
    ...stored.record,
    version: 2,
    environment: undefined,
    outcome: ['?'],
  } as unknown as typeof stored.record
  const shown = renderRecord({ stored: { ...stored, record }, environment: undefined }, painter(false)).join('\n')
  expect(shown).toContain('this one does not know version 2 of the kind')
  expect(shown).toContain('outcome')
})
