import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import type { Run } from '../../src/records/record.ts'
import { inProcess } from '../support/in-process.ts'
import { appendRecords } from '../support/ledger.ts'
import { provRepository, type TestRepository } from '../support/repository.ts'
import { aRun } from '../support/runs.ts'

const file = (path: string, content: string) => ({
  path,
  digest: digestOf(content),
  state: 'complete' as const,
  declared: 'option' as const,
})
const files = {
  'raw.csv': 'raw\n',
  'features.npz': 'features\n',
  'model.pkl': 'model\n',
  'report.json': 'report\n',
  'train.py': 'code\n',
}
const hours = (count: number) => new Date(Date.now() - count * 3_600_000).toISOString()

/** prepare, train, evaluate, each using what the one before made. */
function chain() {
  const stage = (number: number, name: string, hoursAgo: number, inputs: Run['inputs'], outputs: Run['inputs']) =>
    aRun({ stage: name, started: hours(hoursAgo), inputs, outputs }, number)
  return [
    stage(1, 'features', 5, [file('raw.csv', files['raw.csv'])], [file('features.npz', files['features.npz'])]),
    stage(
      2,
      'train',
      4,
      [file('features.npz', files['features.npz']), file('train.py', files['train.py'])],
      [file('model.pkl', files['model.pkl'])],
    ),
    stage(3, 'evaluate', 3, [file('model.pkl', files['model.pkl'])], [file('report.json', files['report.json'])]),
  ] as const
}

describe('git prov trace', () => {
  let test: TestRepository
  const [features, train, evaluate] = chain()
  const named = (text: string) =>
    [features, train, evaluate].reduce(
      (known, { id }, place) => known.replaceAll(id.slice(0, 6), `run--${'abc'[place]}`),
      text,
    )
  const trace = async (...args: string[]) => {
    const result = await inProcess(test, { env: { LC_ALL: 'C.UTF-8' } }).prov('trace', ...args)
    expect(result.stderr).toBe('')
    return named(result.stdout)
  }
  beforeAll(async () => {
    test = provRepository(files)
    await appendRecords(test, features, train, evaluate)
  })

  it('draws what a file was made from, and what was made from it', async () => {
    expect(await trace('model.pkl')).toMatchInlineSnapshot(`
      "model.pkl 98ad61
      made by
      └─ train run--b  ok  4 h ago
         ├─ features.npz 2e1886
         │  └─ features run--a  ok  5 h ago
         │     └─ raw.csv 8e5cee
         └─ train.py b57b23
      used by
      └─ evaluate run--c  ok  3 h ago
         └─ report.json 331d26
      "
    `)
  })

  it('from a run, up or down, to a depth', async () => {
    expect(await trace(evaluate.id.slice(0, 8), '--up', '--depth', '1')).toMatchInlineSnapshot(`
      "evaluate run--c  ok  3 h ago
      used
      └─ model.pkl 98ad61
         └─ train run--b  ok  4 h ago
            ├─ features.npz 2e1886
            │  └─ and 1 more run
            └─ train.py b57b23
      "
    `)
    expect(await trace(features.id, '--down')).toMatchInlineSnapshot(`
      "features run--a  ok  5 h ago
      made
      └─ features.npz 2e1886
         └─ train run--b  ok  4 h ago
            └─ model.pkl 98ad61
               └─ evaluate run--c  ok  3 h ago
                  └─ report.json 331d26
      "
    `)
  })

  it('from a digest; in ASCII where the terminal cannot show more', async () => {
    expect(
      named(await inProcess(test).ok('trace', digestOf(files['report.json']).slice(0, 10), '--up')),
    ).toMatchInlineSnapshot(`
      "report.json 331d26
      made by
      \`- evaluate run--c  ok  3 h ago
         \`- model.pkl 98ad61
            \`- train run--b  ok  4 h ago
               |- features.npz 2e1886
               |  \`- features run--a  ok  5 h ago
               |     \`- raw.csv 8e5cee
               \`- train.py b57b23
      "
    `)
  })

  it('from a subfolder', async () => {
    test.write({ 'sub/x': '' })
    const result = await inProcess(test, { cwd: join(test.path, 'sub') }).prov('trace', '../model.pkl', '--up')
    expect(result.stdout).toContain('features.npz')
  })

  it('as JSON', async () => {
    const view = JSON.parse(await inProcess(test).ok('trace', 'model.pkl', '--json'))
    expect(view).toMatchObject({
      start: { file: 'model.pkl', digest: digestOf(files['model.pkl']) },
      up: {
        runs: [
          {
            id: train.id,
            stage: 'train',
            files: [
              { path: 'features.npz', runs: [{ id: features.id }] },
              { path: 'train.py', runs: [] },
            ],
          },
        ],
      },
      down: { runs: [{ id: evaluate.id, files: [{ path: 'report.json', now: digestOf(files['report.json']) }] }] },
    })
  })

  it('marks stale and missing files, and traces the last known content', async () => {
    const test = provRepository(files)
    await appendRecords(test, features, train, evaluate)
    test.write({ 'raw.csv': 'other\n', 'model.pkl': 'by hand\n' })
    rmSync(join(test.path, 'features.npz'))
    const { stdout } = await inProcess(test, { env: { LC_ALL: 'C.UTF-8' } }).prov('trace', 'model.pkl', '--up')
    expect(named(stdout)).toMatchInlineSnapshot(`
      "model.pkl is ccc673 now, which no run made or used; this is as run run--b made it 4 h ago (98ad61)
      model.pkl 98ad61  stale: now ccc673
      made by
      └─ train run--b  ok  4 h ago
         ├─ features.npz 2e1886  not here now
         │  └─ features run--a  ok  5 h ago
         │     └─ raw.csv 8e5cee  stale: now 7e4fa2
         └─ train.py b57b23
      "
    `)
    rmSync(join(test.path, 'model.pkl'))
    expect(named(await inProcess(test).ok('trace', 'model.pkl', '--up'))).toMatch(
      /^model\.pkl is not here now; this is as run run--b made it 4 h ago/,
    )
  })

  it('an unknown word is reported', async () => {
    expect(await inProcess(test).prov('trace', 'nowhere.bin')).toMatchObject({
      status: 2,
      stderr: "error: 'nowhere.bin' is not a file, digest or run known here\nhint:  git prov runs\n",
    })
    test.write({ 'new.bin': 'new\n' })
    expect(await inProcess(test).prov('trace', 'new.bin')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no run made or used new.bin'),
    })
    expect(await inProcess(test).prov('trace')).toMatchObject({ status: 2 })
    expect(await inProcess(test).prov('trace', 'model.pkl', '--depth', 'x')).toMatchObject({ status: 2 })
  })
})

it('a cycle ends, and an empty file links nothing', async () => {
  const test = provRepository(files)
  const used = (number: number, input: string, output: string) =>
    aRun(
      {
        stage: `s${number}`,
        inputs: [file('in', input), file('empty', '')],
        outputs: [file('out', output), file('empty2', '')],
      },
      number,
    )
  await appendRecords(test, used(1, 'a', 'b'), used(2, 'b', 'c'), used(3, 'c', 'a'))
  const text = await inProcess(test).ok('trace', digestOf('a').slice(0, 12), '--up')
  expect(text.match(/\(above\)/g)).toHaveLength(1)
  expect(text.split('\n').length).toBeLessThan(20)
})

it('long and wide chains are cut, and it says so', async () => {
  const test = provRepository(files)
  const long = Array.from({ length: 80 }, (_, at) =>
    aRun({ inputs: [file('x', `${at}`)], outputs: [file('x', `${at + 1}`)] }, at + 1),
  )
  const wide = Array.from({ length: 9 }, (_, at) => aRun({ inputs: [file('x', '80')], outputs: [] }, at + 200))
  await appendRecords(test, ...long, ...wide)
  const up = await inProcess(test).ok('trace', digestOf('80').slice(0, 12), '--up')
  expect(up.match(/ok/g)).toHaveLength(50)
  expect(up).toContain('and 1 more run')
  expect(await inProcess(test).ok('trace', digestOf('80').slice(0, 12), '--down')).toContain('and 4 more runs')
})
