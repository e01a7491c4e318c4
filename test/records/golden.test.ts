import { expect, it } from 'vitest'
import { encryptRestricted } from '../../src/privacy/restrict/encrypt.ts'
import { formatNoteLine, noteLines, parseNote } from '../../src/records/note.ts'
import type { StoredRecord } from '../../src/records/record.ts'
import { shellOf } from '../../src/records/shells.ts'
import { renderRecord } from '../../src/records/show-record.ts'
import { validate } from '../../src/records/validate.ts'
import { painter } from '../../src/render/colour.ts'
import { everyKind } from '../support/every-kind.ts'

interface Golden {
  id: string
  text: string
  lines: Record<string, string>
  shown: string[]
  /** The record, restricted whole, and the files that are not brought then. */
  hidden?: { text: string; kept: string[] }
}

function seen(stored: StoredRecord): Golden {
  const { id, text, record } = stored
  const restriction = {
    fields: {},
    kinds: { [record.kind]: ['auditor'] },
    recipients: { auditor: ['age1x'] },
    datasets: new Map(),
    key: Buffer.alloc(32, 7),
  }
  const whole = encryptRestricted(record, restriction, undefined, shellOf)
  const lines = [...noteLines(stored)].map(([commit, line]) => [commit, formatNoteLine(line)])
  return {
    id,
    text,
    lines: Object.fromEntries(lines),
    shown: renderRecord({ stored, environment: undefined }, painter(false)),
    ...(whole.parts.length > 0 && { hidden: { text: JSON.stringify(whole.record), kept: [...whole.kept] } }),
  }
}

it.each(Object.entries(everyKind))(
  'a record of kind %s is what it was: bytes, note lines, words, what stays',
  async (kind, all) => {
    // What is in these files lies in ledgers, and stays. A new kind's is written by the first run of this test.
    const text = JSON.stringify(
      all.map((stored) => seen(stored as StoredRecord)),
      null,
      2,
    )
    await expect(`${text}\n`).toMatchFileSnapshot(`golden/${kind}.json`)
  },
)

it.each(Object.entries(everyKind))('the note lines of kind %s are read back as they are', (_, all) => {
  for (const stored of all)
    for (const line of noteLines(stored as StoredRecord).values())
      expect(parseNote(`${formatNoteLine(line)}\n`)).toEqual({ lines: [line], skipped: 0 })
})

it.each(Object.entries(everyKind))('records of kind %s are what their schema says', async (kind, all) => {
  for (const { record } of all) expect(await validate(kind, 1, record)).toEqual([])
})
