import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/expression/evaluate.ts'
import { formatPath } from '../../src/expression/expression.ts'
import { parseSortKeys } from '../../src/expression/keys.ts'
import { parseExpression } from '../../src/expression/parse.ts'
import { fieldsOf, recordLookup, runLookup, runVocabulary } from '../../src/expression/run-vocabulary.ts'
import { DamagedIndex, SegmentReader } from '../../src/ledger/index/columns/file.ts'
import { RunIndexBuilder } from '../../src/ledger/index/runs/builder.ts'
import { formatIndex, openIndex } from '../../src/ledger/index/runs/file.ts'
import { type RunIndex, textAt } from '../../src/ledger/index/runs/index.ts'
import { matchingRows, sortRows } from '../../src/ledger/index/runs/query.ts'
import type { ProvRecord, StoredRecord } from '../../src/records/record.ts'
import { foldRuns } from '../../src/records/run.ts'
import { aReplay, manyRecords } from '../support/many-runs.ts'
import { aRun } from '../support/runs.ts'

const now = Date.parse('2026-11-25T12:00:00Z')
const oid = 'f'.repeat(40)

function built(records: readonly StoredRecord<ProvRecord>[], start?: RunIndex): RunIndex {
  const builder = new RunIndexBuilder(start)
  for (const record of records) builder.add(record, oid)
  return builder.finish()
}

const inFile = (file: Buffer) => (into: Buffer, offset: number) => file.copy(into, 0, offset)

/** Through the file and back. */
function kept(index: RunIndex): RunIndex {
  const file = formatIndex({ index, tip: 'a', refused: 0 })
  return openIndex(new SegmentReader(inFile(file)))?.index as RunIndex
}

const ids = (index: RunIndex, rows: readonly number[]) => rows.map((row) => textAt(index, { root: 'id' }, row))

const expressions = [
  'metrics.f1 >= 0.5',
  'params.lr < 0.5 or params.lr = focal',
  'not (metrics."odd name" > baseline."odd name")',
  'delta.f1 > 0',
  'status in (ok, lost) and has name',
  'name ~ "f*" or stage != train',
  'started > 2026-11-01',
  'duration > 1h',
  'verdict = identical or replays = 0',
  'lesson ~ *1*',
  'data.a = 1111 and not outputs.b = 2222',
  'tags.f1 = x',
  'params.f1',
  'params."10" = null',
  'metrics.f1 = NaN',
]

describe('an index of runs', () => {
  it('answers as the folded records do, whole or grown in two steps, read back from its file', () => {
    fc.assert(
      fc.property(manyRecords, fc.nat(), fc.constantFrom(...expressions), (records, cut, text) => {
        const at = cut % (records.length + 1)
        const where = parseExpression(text, runVocabulary)
        const wanted = foldRuns(records)
          .filter((view) => evaluate(where, runLookup(view), now) === true)
          .map(({ id }) => id)
          .sort()
        const grown = kept(built(records.slice(at), kept(built(records.slice(0, at)))))
        for (const index of [built(records), grown])
          expect(ids(index, matchingRows(index, where, now)).sort()).toEqual(wanted)
      }),
      { numRuns: 200 },
    )
  })

  it('holds every field of every run', () => {
    fc.assert(
      fc.property(manyRecords, (records) => {
        const index = kept(built(records))
        const views = new Map(foldRuns(records).map((view) => [view.id, view]))
        expect(index.count).toBe(views.size)
        for (let row = 0; row < index.count; row++) {
          const view = views.get(textAt(index, { root: 'id' }, row) as string)
          for (const path of index.source.paths.filter(({ root }) => !root.startsWith('#')))
            expect([formatPath(path), index.column(path)?.at(row)]).toEqual([
              formatPath(path),
              view && runLookup(view)(path),
            ])
          for (const [path, value] of fieldsOf(view?.record as never))
            expect(index.column(path)?.at(row)).toEqual(value)
        }
      }),
    )
  })

  it('a record is told field by field as it is looked up', () => {
    fc.assert(
      fc.property(manyRecords, (records) => {
        for (const { record } of foldRuns(records))
          for (const [path, value] of fieldsOf(record)) expect(recordLookup(record)(path)).toEqual(value)
      }),
    )
  })

  it('a replay that comes before its run waits for it', () => {
    fc.assert(
      fc.property(manyRecords, (records) => {
        const first = records.filter(({ record }) => record.kind !== 'run')
        const index = kept(
          built(
            records.filter(({ record }) => record.kind === 'run'),
            kept(built(first)),
          ),
        )
        expect(index.source.pendingLinks).toEqual([])
        expect(ids(index, matchingRows(index, parseExpression('replays > 0', runVocabulary), now)).sort()).toEqual(
          foldRuns(records)
            .filter(({ replays }) => replays.length > 0)
            .map(({ id }) => id)
            .sort(),
        )
      }),
    )
  })

  it('is damaged when any byte of it is changed, and never another answer', () => {
    const whole = built([aRun({ stage: 'train', metrics: { f1: { value: 0.5, source: 'x' } } }), aRun({}, 2)])
    const file = formatIndex({ index: whole, tip: 'a', refused: 0 })
    const readAll = (bytes: Buffer) => {
      const index = openIndex(new SegmentReader(inFile(bytes)))?.index
      return index?.source.paths.map((path) => [path, index.column(path)?.at(0), index.column(path)?.at(1)])
    }
    const wanted = readAll(file)
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = Buffer.from(file)
        bytes[at] = (bytes[at] as number) ^ change
        try {
          expect(readAll(bytes)).toEqual(wanted)
        } catch (error) {
          expect(error).toBeInstanceOf(DamagedIndex)
        }
      }),
      { numRuns: 1000 },
    )
    for (const length of [0, 10, 40, file.length >> 1])
      expect(() => readAll(file.subarray(0, length))).toThrow(DamagedIndex)
  })
})

describe('sorting', () => {
  const values = [0.5, 'NaN', 0.9, undefined, 0.1] as const
  const index = built(
    values.map((value, number) =>
      aRun(value === undefined ? {} : { metrics: { f1: { value, source: 'x' } }, name: `n${number}` }, number),
    ),
  )
  const sorted = (keys: string) =>
    sortRows(index, [0, 1, 2, 3, 4], parseSortKeys(keys, runVocabulary)).map((row) =>
      index.column({ root: 'metrics', name: 'f1' })?.at(row),
    )

  it('what has no value comes last, either way', () => {
    expect(sorted('metrics.f1')).toEqual([0.1, 0.5, 0.9, Number.NaN, undefined])
    expect(sorted('-metrics.f1')).toEqual([0.9, 0.5, 0.1, Number.NaN, undefined])
    expect(sorted('-name')).toEqual([0.1, 0.9, Number.NaN, 0.5, undefined])
    expect(sorted('stage,-metrics.f1')[0]).toBe(0.9)
  })

  it('the first few of many are those of the whole order', () => {
    const value = fc.constantFrom('NaN', 'Infinity', 0.1, 0.2, 0.3, undefined)
    fc.assert(
      fc.property(fc.array(value, { minLength: 40, maxLength: 80 }), fc.integer({ min: 1, max: 4 }), (given, limit) => {
        const many = built(
          given.map((one, number) =>
            aRun(one === undefined ? {} : { metrics: { f1: { value: one as number, source: 'x' } } }, number),
          ),
        )
        const rows = given.map((_, row) => row)
        for (const keys of ['metrics.f1', '-metrics.f1', '-stage,metrics.f1']) {
          const parsed = parseSortKeys(keys, runVocabulary)
          expect(sortRows(many, rows, parsed, limit)).toEqual(sortRows(many, rows, parsed).slice(0, limit))
        }
      }),
    )
  })

  it('a field that is none is told', () => {
    expect(() => parseSortKeys('metrics.f1,', runVocabulary)).toThrow('expected a field')
    expect(parseSortKeys('-params."a,b", name', runVocabulary)).toEqual([
      { path: { root: 'params', name: 'a,b' }, descending: true },
      { path: { root: 'name' }, descending: false },
    ])
  })
})

it('a few rows of many are read without the rest, with the same answers', () => {
  const records = Array.from({ length: 3000 }, (_, number) =>
    aRun(
      {
        stage: number % 2 ? 'train' : 'evaluate',
        ...(number % 3 && { name: `n${number}` }),
        metrics: { f1: { value: number / 7, source: 'x' } },
      },
      number,
    ),
  )
  const whole = built(records)
  const file = formatIndex({ index: whole, tip: 'a', refused: 0 })
  let read = 0
  const count = (into: Buffer, offset: number) => {
    read += into.length
    return inFile(file)(into, offset)
  }
  const index = openIndex(new SegmentReader(count))?.index as RunIndex
  const rows = [2999, 5, 6, 7]
  for (const path of whole.source.paths) {
    const column = whole.column(path)
    expect([path, index.valuesOf(path, rows)]).toEqual([path, rows.map((row) => column?.at(row))])
  }
  expect(index.files.ofRows(rows)).toEqual(rows.flatMap((row) => whole.files.ofRow(row)))
  expect(rows.map((row) => index.members.ofRow(row))).toEqual(rows.map((row) => whole.members.ofRow(row)))
  expect(read).toBeLessThan(file.length / 2)

  file[file.length - 5000] = (file[file.length - 5000] as number) ^ 1
  expect(() => index.members.shorten(records.map(({ id }) => id))).toThrow(DamagedIndex)
})

it('an index of many runs that grows by a few is the one made of all', () => {
  const plan = (number: number) =>
    aRun({ phase: 'planned', outcome: undefined, outputs: undefined, name: `n${number % 7}` }, number)
  const many = Array.from({ length: 5000 }, (_, number) =>
    number === 17 ? plan(17) : aRun({ name: `n${number % 7}`, hypothesis: `h ${number}` }, number),
  )
  const few = [
    aRun({ stage: 'train', hypothesis: 'h 3' }, 17, '2026-11-26T00:00:00.000Z'),
    aReplay((many[4000] as StoredRecord).id, 'identical', '2026-11-26T00:00:00.000Z'),
    aRun({ name: 'new', hypothesis: 'h 4999', tags: { x: '' } }, 6000),
    plan(6001),
  ]
  const [grown, whole] = [kept(built(few, kept(built(many)))), built([...many, ...few])]
  const tell = (index: RunIndex) =>
    Array.from({ length: index.count }, (_, row) => [
      index.source.paths.map((path) => [formatPath(path), index.column(path)?.at(row)]).sort(),
      index.files.ofRow(row).map(({ content: _, ...file }) => file),
      index.members.ofRow(row).map(({ id, kind }) => [kind, id]),
    ])
  expect(grown.count).toBe(5002)
  expect(tell(grown)).toEqual(tell(whole))
})

it('ids are as short as they can be and still the only one', () => {
  const records = Array.from({ length: 400 }, (_, number) => aRun({}, number))
  const index = built(records)
  const shortened = index.members.shorten(records.map(({ id }) => id))
  for (const { id } of records) {
    const short = shortened.get(id) as string
    expect(short.length).toBeGreaterThanOrEqual(6)
    expect(index.members.rowsLike(short)).toHaveLength(1)
  }
})
