import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { experiments, named } from '../support/experiments.ts'
import { inProcess } from '../support/in-process.ts'
import { appendRecords } from '../support/ledger.ts'
import { provRepository, type TestRepository } from '../support/repository.ts'
import { aRun } from '../support/runs.ts'

describe('git prov runs', () => {
  let test: TestRepository
  let ids: [string, string, string]
  beforeAll(async () => {
    ;({ test, ids } = await experiments())
  })
  const runs = async (...args: string[]) => named(await inProcess(test).ok('runs', ...args), ids)
  const list = async (...args: string[]) =>
    (await inProcess(test).ok('runs', '--json', ...args))
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line))
  const letters = async (...args: string[]) => (await list(...args)).map(({ id }) => 'abc'[ids.indexOf(id)]).join('')

  it('shows what differs, folds what is the same, marks the best and the baseline', async () => {
    expect(await runs()).toMatchInlineSnapshot(`
      "same in all: data.train 77be02, env 4c01aa, params.epochs 20, stage train
        run     when     name   loss   lr    auc    f1     time  verdict
      * run--a  2 h ago  focal  focal  0.01  0.912  0.830  42 s  replayed, identical
        run--b  5 h ago         focal  0.10  0.903  0.791  41 s
      b run--c  2 d ago         ce     0.01  0.899  0.790  40 s
      f1 _:-+*##  (run--a, 20 steps)
      "
    `)
  })

  it('draws a series in blocks where the terminal shows more than ASCII', async () => {
    const result = await inProcess(test, { env: { LC_ALL: 'C.UTF-8' } }).prov('runs')
    expect(named(result.stdout, ids)).toMatch(/^same in all: .* · /)
    expect(named(result.stdout, ids)).toMatch(/^f1 ▁▃▄▆▇▇?█+ {2}\(run--a, 20 steps\)$/m)
  })

  it('filters and sorts', async () => {
    expect(await letters()).toBe('abc')
    expect(await letters('--sort', '-metrics.auc')).toBe('abc')
    expect(await letters('--sort=metrics.f1')).toBe('cba')
    expect(await letters('--sort', 'params.loss,-metrics.f1')).toBe('cab')
    expect(await letters('--where', 'params.lr < 0.1 and metrics.f1 >= 0.8')).toBe('a')
    expect(await letters('--where', 'metrics.f1 > baseline.f1', '--stage', 'train')).toBe('ab')
    expect(await letters('--where', 'verdict = identical or started < 1d ago')).toBe('ac')
    expect(await letters('--stage', 'evaluate')).toBe('')
    expect(await letters('-n', '1')).toBe('a')
    expect(await letters('--where', `id = ${ids[1].slice(0, 8)}`)).toBe('b')
  })

  it('lists as JSON and CSV', async () => {
    expect((await list('-n', '1'))[0]).toMatchObject({
      id: ids[0],
      status: 'ok',
      stage: 'train',
      params: { lr: 0.01, loss: 'focal', epochs: 20 },
      metrics: { f1: 0.83, auc: 0.912 },
      baseline: ids[2],
      baselineMetrics: { f1: 0.79 },
      data: { train: `77be02${'0'.repeat(58)}` },
      verdict: 'identical',
      replays: 1,
    })
    expect((await list('-n', '1'))[0].started).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/)
    expect(
      await runs('--csv', '--columns', 'name,params.lr,metrics.f1,outputs."model.pkl"', '--sort', 'metrics.f1'),
    ).toBe(
      [
        'id,name,params.lr,metrics.f1,outputs.model.pkl',
        `${named(ids[2], ids)},,0.01,0.79,a3${'0'.repeat(62)}`,
        `${named(ids[1], ids)},,0.1,0.791,a2${'0'.repeat(62)}`,
        `${named(ids[0], ids)},focal,0.01,0.83,a1${'0'.repeat(62)}`,
        '',
      ].join('\n'),
    )
  })

  it('shows just the requested columns, or all of them', async () => {
    expect((await runs('--columns', 'params.lr,metrics.f1', '-n', '2')).split('\n')[0]).toBe(
      '  run     when     lr    f1',
    )
    expect(await runs('--all')).toMatch(/^ {2}run +when +name +stage +status/)
  })

  it('explains an empty list, and suggests what may have been meant', async () => {
    expect(await inProcess(test).prov('runs', '--where', 'metrics.f2 > 0.5')).toEqual({
      status: 0,
      stdout: '',
      stderr: 'prov: none of 3 runs match\nprov: no run has metrics.f2; did you mean metrics.f1?\n',
    })
    expect(await inProcess(provRepository()).prov('runs')).toEqual({
      status: 0,
      stdout: '',
      stderr: 'prov: no runs yet (git prov run -- <command>)\n',
    })
  })

  it.each([
    [['--where', 'metrics.f1 >'], 'error: expression, column 13: expected a number, found the end\n'],
    [['--sort', '-nothing'], "error: expression, column 1: expected a field, found 'nothing'\n"],
    [['-n', 'x'], 'error: -n x is not a number\n'],
    [['train'], "error: runs takes no 'train'\n"],
    [['--json', '--csv'], 'error: --json and --csv cannot be combined\n'],
  ])('%j is refused', async (args, message) => {
    expect(await inProcess(test).prov('runs', ...args)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(message),
    })
  })

  it('the index can be deleted', async () => {
    const before = await runs()
    rmSync(join(test.path, '.git/prov/cache/runs.index'))
    expect(await runs()).toBe(before)
  })
})

it('text of strangers is escaped on the terminal, and wide characters keep the columns aligned', async () => {
  const test = provRepository()
  const tagged = (text: string, number: number) => aRun({ tags: { note: text, x: String(number) } }, number)
  await appendRecords(
    test,
    tagged('\u001b[2Jred', 1),
    tagged('日本語', 2),
    tagged('🙂 ok', 3),
    tagged('é'.repeat(99), 4),
  )
  const now = new Date('2026-11-25T09:00:10.000Z')
  const text = await inProcess(test, { now }).ok('runs', '--columns', 'tags.note,tags.x', '--sort', 'tags.x')
  expect(text.replace(/^. \w+ +just now|^. \w+ +[\d.]+ \w+ ago/gm, '')).toMatchInlineSnapshot(`
    "  run     when      note                                      x
      \\x1b[2Jred                                1
      日本語                                    2
      🙂 ok                                     3
      ééééééééééééééééééééééééééééééééééééé...  4
    "
  `)
  expect(await inProcess(test).ok('runs', '--csv')).not.toContain('\u001b')
  expect(await inProcess(test).ok('runs', '--json')).not.toContain('\u001b')
})

it('columns that do not fit are dropped from the right and named', async () => {
  const test = provRepository()
  const values = (number: number) =>
    Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`parameter${at}`, at * number]))
  await appendRecords(
    test,
    ...[1, 2].map((number) => aRun({ parameters: { option: { values: values(number) } } }, number)),
  )
  const lines = (await inProcess(test).ok('runs')).split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  expect(lines.at(-2)).toMatch(/^2\d more columns: parameter/)
})
