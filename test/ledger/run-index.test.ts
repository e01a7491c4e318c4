import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/expression/evaluate.ts'
import { parseExpression } from '../../src/expression/parse.ts'
import { runLookup, runVocabulary } from '../../src/expression/run-vocabulary.ts'
import { ObjectReader } from '../../src/git/objects/objects.ts'
import { findRun, needRun } from '../../src/ledger/index/find-run.ts'
import { withRunIndex } from '../../src/ledger/index/run-index.ts'
import { textAt } from '../../src/ledger/index/runs/index.ts'
import { matchingRows } from '../../src/ledger/index/runs/query.ts'
import { readRecords } from '../../src/ledger/read/read.ts'
import type { ProvRecord, StoredRecord } from '../../src/records/record.ts'
import { foldRuns } from '../../src/records/run.ts'
import { appendRecords, repositoryOf } from '../support/ledger.ts'
import { aLesson, aReplay, manyRecords } from '../support/many-runs.ts'
import { provRepository, type TestRepository } from '../support/repository.ts'
import { aRun } from '../support/runs.ts'

const now = Date.parse('2026-11-25T12:00:00Z')
const fileOf = (test: TestRepository) => join(test.path, '.git/prov/cache/runs.index')

async function using<T>(test: TestRepository, work: (objects: ObjectReader) => Promise<T>): Promise<T> {
  const objects = new ObjectReader(repositoryOf(test))
  try {
    return await work(objects)
  } finally {
    objects.close()
  }
}

/** The ids of the runs an expression holds for, and how many records were read to make an index. */
async function ask(test: TestRepository, text: string): Promise<{ ids: string[]; read: number }> {
  let read = 0
  const progress = () => {
    read += 1
  }
  const ids = await using(test, (objects) =>
    withRunIndex(
      repositoryOf(test),
      objects,
      (index) =>
        matchingRows(index, parseExpression(text, runVocabulary), now).map(
          (row) => textAt(index, { root: 'id' }, row) ?? '',
        ),
      { progress },
    ),
  )
  return { ids: ids.sort(), read }
}

async function naive(test: TestRepository, text: string): Promise<string[]> {
  const records: StoredRecord<ProvRecord>[] = []
  for await (const outcome of readRecords(repositoryOf(test), ['run', 'replay', 'remark']))
    if ('stored' in outcome) records.push(outcome.stored)
  const where = parseExpression(text, runVocabulary)
  return foldRuns(records)
    .filter((view) => evaluate(where, runLookup(view), now))
    .map(({ id }) => id)
    .sort()
}

const everything = ['has id', 'metrics.f1 >= 0.5', 'status = ok', 'replays > 0', 'params.lr != 0 and stage = train']

describe('the index of runs in the git folder', () => {
  it('says what reading every record says, after every append', async () => {
    const test = provRepository()
    const [records] = fc.sample(manyRecords, { numRuns: 1, seed: 42 }) as [StoredRecord<ProvRecord>[]]
    for (let at = 0; at < records.length; at += 5) {
      await appendRecords(test, ...records.slice(at, at + 5))
      for (const text of everything) expect((await ask(test, text)).ids).toEqual(await naive(test, text))
    }
  })

  it('is made once, grows by what is new, and is made anew when it is gone, damaged or of another history', async () => {
    const test = provRepository()
    const [first, second] = [aRun({ name: 'first' }), aRun({ name: 'second' }, 2)]
    await appendRecords(test, first)
    expect(await ask(test, 'has id')).toEqual({ ids: [first.id], read: 1 })
    expect(await ask(test, 'has id')).toEqual({ ids: [first.id], read: 0 })
    const before = test.git('rev-parse', 'prov')
    await appendRecords(test, second)
    const both = [first.id, second.id].sort()
    expect(await ask(test, 'has id')).toEqual({ ids: both, read: 0 })

    rmSync(fileOf(test))
    expect(await ask(test, 'has id')).toEqual({ ids: both, read: 2 })
    for (const damage of [
      (bytes: Buffer) => bytes.subarray(0, bytes.length - 100),
      (bytes: Buffer) => bytes.fill(0, bytes.length - 200),
      () => Buffer.from('not an index'),
    ]) {
      writeFileSync(fileOf(test), damage(readFileSync(fileOf(test))))
      expect((await ask(test, 'has id and name in (first, second)')).ids).toEqual(both)
    }
    appendFileSync(fileOf(test), 'more')
    expect((await ask(test, 'has id')).ids).toEqual(both)

    test.git('update-ref', 'refs/heads/prov', before)
    expect(await ask(test, 'has id')).toEqual({ ids: [first.id], read: 1 })
  })

  it('a record that is not as its schema says is left out', async () => {
    const test = provRepository()
    const odd = aRun({ parameters: 'x' as never })
    await appendRecords(test, aRun({}, 2), odd)
    expect((await ask(test, 'has id')).ids).toEqual([aRun({}, 2).id])
  })

  it('a folder that cannot be written is no error', async () => {
    const test = provRepository()
    await appendRecords(test, aRun())
    rmSync(join(test.path, '.git/prov/cache'), { recursive: true })
    writeFileSync(join(test.path, '.git/prov/cache'), 'in the way')
    expect((await ask(test, 'has id')).ids).toEqual([aRun().id])
    expect(existsSync(fileOf(test)) && statSync(fileOf(test)).isFile()).toBe(false)
  })
})

describe('finding a run', () => {
  it('by any of its ids, its runId or its name, with all that was said of it', async () => {
    const test = provRepository()
    const planned = aRun({ phase: 'planned', outcome: undefined, outputs: undefined, name: 'focal' })
    const finished = aRun({ name: 'focal', links: [{ rel: 'wasRevisionOf', to: `record:${planned.id}` }] })
    await appendRecords(test, planned, finished, aRun({ name: 'ce' }, 2))
    await appendRecords(test, aReplay(finished.id, 'identical', '2026-11-26T00:00:00Z'), aLesson(planned.id, 'x'))
    for (const word of [
      planned.id,
      finished.id.slice(0, 8),
      planned.id.slice(0, 8).toUpperCase(),
      planned.record.runId,
      'focal',
    ]) {
      const found = await using(test, (objects) => findRun(repositoryOf(test), objects, word))
      expect(found).toMatchObject({ id: planned.id, finished: { id: finished.id }, planned: { id: planned.id } })
      expect([found?.replays.length, found?.remarks.length]).toEqual([1, 1])
    }
    await expect(using(test, (objects) => needRun(repositoryOf(test), objects, 'nothing'))).rejects.toMatchObject({
      code: 'unknown-revision',
      message: "there is no run 'nothing' here",
    })
  })

  it('in an archive, too', async () => {
    const test = provRepository()
    const run = aRun({ name: 'old' }, 1, '2020-01-01T00:00:00.000Z')
    await appendRecords(test, run, aReplay(run.id, 'identical', '2020-01-02T00:00:00Z'))
    expect((await ask(test, 'has id')).read).toBe(2)
    test.ok('archive', '--before', '2021-01-01')
    const found = await using(test, (objects) => findRun(repositoryOf(test), objects, 'old'))
    expect(found).toMatchObject({ id: run.id, replays: [{ record: { verdict: 'identical' } }] })
  })

  it('a word for several runs lists them, the newest first', async () => {
    const test = provRepository()
    const runs = [1, 2, 3].map((day) =>
      aRun({ name: 'focal', stage: 'train', started: `2026-11-0${day}T10:00:00Z` }, day),
    )
    await appendRecords(test, ...runs)
    await expect(using(test, (objects) => findRun(repositoryOf(test), objects, 'focal'))).rejects.toMatchObject({
      code: 'ambiguous',
      message: "'focal' names 3 runs",
      hint: expect.stringMatching(/^type one of these:\n {2}\w{6} {2}2026-11-03T10:00 {2}train {2}focal {2}ok\n/),
    })
  })
})
