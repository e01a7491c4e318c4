import fc from 'fast-check'
import {
  buildRecord,
  type ProvRecord,
  type Remark,
  type Replay,
  type Run,
  type StoredRecord,
} from '../../src/records/record.ts'
import { aRun } from './runs.ts'

const agent = { name: 'Mei Chen', email: 'mei@example.org' }

export function aReplay(run: string, verdict: Replay['verdict'], time: string): StoredRecord<Replay> {
  const fields = {
    kind: 'replay' as const,
    agent,
    run,
    verdict,
    isolation: 'worktree' as const,
    environment: { missing: 'not asked for' },
    outputs: [],
    metrics: [],
    causes: [],
    links: [{ rel: 'replays' as const, to: `record:${run}` }],
  }
  return buildRecord<Replay>(fields, new Date(time))
}

export function aLesson(record: string, lesson: string, time = '2026-11-25T12:00:00.000Z'): StoredRecord<Remark> {
  return buildRecord<Remark>(
    { kind: 'remark', agent, lesson, links: [{ rel: 'annotates', to: `record:${record}` }] },
    new Date(time),
  )
}

const digest = fc.constantFrom('1', '2', '3').map((digit) => digit.repeat(64))
const leaf = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom('0.5', 'focal', 'ß"x', '', '0'),
  fc.boolean(),
  fc.constant(null),
)
const figure = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom('NaN' as const, 'Infinity' as const),
)
const name = fc.constantFrom('f1', 'lr', 'val/acc', 'odd name', '10')
const file = fc.record({
  path: fc.constantFrom('a', 'b', 'data/x'),
  digest,
  state: fc.constant('complete' as const),
  declared: fc.constant('option' as const),
})

const fields: fc.Arbitrary<Partial<Run>> = fc.record(
  {
    stage: fc.constantFrom('train', 'evaluate'),
    name: fc.constantFrom('focal', 'ce'),
    tags: fc.dictionary(name, fc.constantFrom('', 'x', '1.10')),
    parameters: fc.dictionary(
      fc.constantFrom('params.yaml', 'option', 'mlflow'),
      fc.record({ values: fc.dictionary(name, leaf) }),
    ),
    metrics: fc.dictionary(name, fc.record({ value: figure, source: fc.constant('m.json') })),
    baseline: fc.record({ reference: fc.constant('main'), metrics: fc.dictionary(name, figure) }),
    inputs: fc.array(file, { maxLength: 3 }),
    outputs: fc.array(file, { maxLength: 3 }),
    started: fc
      .integer({ min: 0, max: 1e9 })
      .map((seconds) => new Date(1_790_000_000_000 + seconds * 1000).toISOString()),
    usage: fc.record({ wallSeconds: fc.double({ min: 0, max: 1e6, noNaN: true }) }),
  },
  { requiredKeys: [] },
)

const time = fc
  .integer({ min: 0, max: 9999 })
  .map((minute) => new Date(1_795_000_000_000 + minute * 60_000).toISOString())

/** The records of one run, in any order, with replays and lessons. */
const oneRun = (number: number): fc.Arbitrary<StoredRecord<ProvRecord>[]> =>
  fc
    .record({
      planned: fc.boolean(),
      endings: fc.array(fc.record({ fields, time, status: fc.constantFrom('ok', 'failed', 'lost') }), { maxLength: 3 }),
      verdicts: fc.array(fc.record({ verdict: fc.constantFrom('identical', 'different'), time }), { maxLength: 2 }),
      lesson: fc.boolean(),
    })
    .map(({ planned, endings, verdicts, lesson }) => {
      const plan = aRun({ phase: 'planned', outcome: undefined, outputs: undefined }, number)
      const finished = endings.map((one) =>
        aRun({ ...one.fields, outcome: { status: one.status as 'ok' } }, number, one.time),
      )
      const runs = planned || finished.length === 0 ? [plan, ...finished] : finished
      const subject = (runs.at(-1) as StoredRecord).id
      const replays = verdicts.map((one) => aReplay(subject, one.verdict as 'identical', one.time))
      return [...runs, ...replays, ...(lesson ? [aLesson(subject, `lesson ${number}`)] : [])]
    })

/** Records of up to 12 runs, shuffled: as they may come by several fetches. */
export const manyRecords: fc.Arbitrary<StoredRecord<ProvRecord>[]> = fc
  .integer({ min: 1, max: 12 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, number) => oneRun(number))))
  .map((runs) => [...new Map(runs.flat().map((stored) => [stored.id, stored])).values()])
  .chain((records) => fc.shuffledSubarray(records, { minLength: records.length, maxLength: records.length }))
