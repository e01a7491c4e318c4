import { expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { inProcess } from '../support/in-process.ts'
import { appendRecords } from '../support/ledger.ts'
import { aLesson, aReplay } from '../support/many-runs.ts'
import { provRepository } from '../support/repository.ts'
import { aRun } from '../support/runs.ts'

it('git prov show of a run: plan, end, figures with their series, inputs and outputs, replays and lessons', async () => {
  const test = provRepository()
  const meant = {
    name: 'focal',
    stage: 'train',
    intent: 'Focal loss should help the rare class',
    expectations: [{ expression: 'metrics.f1 >= 0.80' }],
    parameters: { option: { values: { lr: 0.01 } } },
    seeds: { seed: 7 },
    inputs: [
      {
        path: 'data/train',
        dataset: 'train',
        digest: digestOf('a'),
        bytes: 1200,
        state: 'complete' as const,
        declared: 'config' as const,
      },
    ],
    started: '2026-11-25T09:00:00.400Z',
  }
  const planned = aRun(
    { ...meant, phase: 'planned', outcome: undefined, outputs: undefined, started: undefined },
    1,
    '2026-11-25T09:00:00.000Z',
  )
  const finished = aRun(
    {
      ...meant,
      links: [{ rel: 'wasRevisionOf', to: `record:${planned.id}` }],
      ended: '2026-11-25T09:00:42.400Z',
      expectations: [{ expression: 'metrics.f1 >= 0.80', answer: 'met', reason: 'metrics.f1 0.83' }],
      baseline: { reference: 'main', run: digestOf('other'), metrics: { f1: 0.79 } },
      metrics: {
        f1: { value: 0.83, min: 0.2, max: 0.83, steps: 20, curve: [0.2, 0.5, 0.7, 0.83], source: 'metrics.json' },
      },
      outputs: [
        {
          path: 'model.pkl',
          digest: digestOf('m'),
          bytes: 4_000_000,
          state: 'complete',
          declared: 'option',
          change: 'created',
        },
      ],
      usage: { wallSeconds: 42, maxResidentBytes: 1.2e9 },
    },
    1,
    '2026-11-25T09:00:42.500Z',
  )
  await appendRecords(test, planned, finished)
  await appendRecords(
    test,
    aReplay(finished.id, 'within-tolerance', '2026-11-26T00:00:00.000Z'),
    aLesson(planned.id, 'It does.'),
  )
  const { stdout } = await inProcess(test, { env: { LC_ALL: 'C.UTF-8' } }).prov('show', 'focal')
  expect(
    stdout
      .replace(planned.id, '<planned>')
      .replace(finished.id, '<finished>')
      .replace(finished.id.slice(0, 6), '<run>'),
  ).toMatchInlineSnapshot(`
    "run <planned>
    About:  commit aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    By:     Mei Chen <mei@example.org>
    When:   2026-11-25T09:00:00.400Z to 2026-11-25T09:00:42.400Z
    Plan:   recorded 0.4 s before the start
    Ended:  record <finished>

    $ python train.py
        ok  42 s  1.2 GB at most

    name      focal
    stage     train
    intent    Focal loss should help the rare class
    expected  metrics.f1 >= 0.80  met (metrics.f1 0.83)
    baseline  main  run d9298a
    metric    f1  0.83 (+0.04)  ▁▄▇█  20 steps, 0.2 to 0.83
    output    model.pkl  62c66a  4.0 MB  created
    param     lr = 0.01
    seed      seed = 7
    input     data/train  ca9781  1.2 kB
    env       eeeeee

    replay of <run>  within tolerance
        2026-11-26T00:00:00.000Z

    lesson
        It does.
    "
  `)
  expect(await inProcess(test).show(finished.id.slice(0, 8))).toMatchObject({
    id: planned.id,
    kind: 'run',
    phase: 'finished',
    records: { planned: planned.id, finished: finished.id },
    replays: [{ verdict: 'within-tolerance' }],
    remarks: [{ lesson: 'It does.' }],
  })
})
