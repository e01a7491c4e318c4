import { describe, expect, it } from 'vitest'
import { rankCauses } from '../../src/replay/verdict/causes.ts'
import { compareMetrics, compareOutputs, judge } from '../../src/replay/verdict.ts'

const [a, b] = ['a'.repeat(64), 'b'.repeat(64)]
const file = { path: 'model.pkl', state: 'complete' as const, declared: 'option' as const, digest: a }
const ok = { status: 'ok' as const, exitCode: 0 }
const failed = { status: 'failed' as const, exitCode: 1 }

describe('outputs', () => {
  it.each([
    ['the same', file, a, { same: true, recorded: a, replayed: a }],
    ['another', file, b, { same: false, recorded: a, replayed: b }],
    ['none', file, undefined, { same: false, recorded: a }],
    [
      'gone then and now',
      { ...file, digest: undefined, state: 'missing' as const, change: 'deleted' as const },
      undefined,
      { same: true },
    ],
    [
      'gone then, here now',
      { ...file, digest: undefined, state: 'missing' as const, change: 'deleted' as const },
      b,
      { same: false, replayed: b },
    ],
  ])('%s', (_, recorded, now, expected) => {
    const { digest, ...rest } = recorded
    const known = digest === undefined ? rest : { ...rest, digest }
    expect(compareOutputs([known], new Map([['model.pkl', now]]))).toEqual([{ path: 'model.pkl', ...expected }])
  })

  it('that could not be read then are not compared', () =>
    expect(compareOutputs([{ path: 'x', state: 'incomplete', declared: 'option' }], new Map())).toEqual([]))
})

describe('metrics', () => {
  const compare = (before: number | 'NaN', after: number | 'NaN' | undefined, tolerances = {}) =>
    compareMetrics({ f1: { value: before } }, after === undefined ? {} : { f1: { value: after } }, tolerances)[0]
  it.each([
    [0.83, 0.83, {}, { difference: 0, within: true }],
    [0.83, 0.84, {}, { within: false }],
    [0.83, 0.8305, { f1: 0.001 }, { tolerance: 0.001, within: true }],
    [0.83, 0.8305, { '*': 0.001 }, { tolerance: 0.001, within: true }],
    [0.83, 0.8305, { f1: 0.0001, '*': 1 }, { tolerance: 0.0001, within: false }],
    [0.83, undefined, { f1: 1 }, { within: false }],
    ['NaN' as const, 'NaN' as const, {}, { difference: 0, within: true }],
    ['NaN' as const, 1, { f1: 9 }, { difference: 'NaN', within: false }],
  ])('%s then, %s now, tolerance %j', (before, after, tolerances, expected) =>
    expect(compare(before, after, tolerances)).toMatchObject(expected),
  )

  it('a metric called __proto__ is one like any other', () => {
    const values = JSON.parse('{"__proto__": {"value": 1}}')
    expect(compareMetrics(values, values, {})).toMatchObject([{ name: '__proto__', within: true }])
  })
})

describe('the verdict', () => {
  const output = (same: boolean) => ({ path: 'x', same })
  const metric = (recorded: number, replayed: number, tolerance?: number) => ({
    name: 'f1',
    recorded,
    replayed,
    ...(tolerance !== undefined && { tolerance }),
    within: Math.abs(recorded - replayed) <= (tolerance ?? 0),
  })
  it.each([
    ['all the same', ok, ok, [output(true)], [metric(1, 1)], 'identical'],
    ['nothing to compare', ok, ok, [], [], 'identical'],
    ['figures the same, a file not, nobody said it may', ok, ok, [output(false)], [metric(1, 1)], 'different'],
    [
      'figures the same, a file not, a tolerance stated',
      ok,
      ok,
      [output(false)],
      [metric(1, 1, 0.1)],
      'within-tolerance',
    ],
    ['figures within', ok, ok, [output(false)], [metric(1, 1.05, 0.1)], 'within-tolerance'],
    ['one not', ok, ok, [], [metric(1, 1.05, 0.1), metric(1, 2, 0.1)], 'different'],
    ['a file not, and no figures', ok, ok, [output(false)], [], 'different'],
    ['it failed', ok, failed, [], [metric(1, 1)], 'could-not-run'],
    ['it failed then, too', failed, failed, [output(true)], [], 'identical'],
    ['it failed then, and not now', failed, ok, [output(true)], [], 'could-not-run'],
  ])('%s', (_, recorded, replayed, outputs, metrics, verdict) =>
    expect(judge({ recorded, replayed, outputs, metrics }).verdict).toBe(verdict),
  )

  it('says how it ended, then and now', () =>
    expect(judge({ recorded: ok, replayed: failed, outputs: [], metrics: [] }).reason).toBe(
      'it ended with exit status 1; the recorded run ended with exit status 0',
    ))
})

describe('likely causes', () => {
  const details = (suspects: Partial<Parameters<typeof rankCauses>[0]>) =>
    rankCauses({
      code: [],
      data: [],
      environment: { packages: [], software: [], host: [] },
      seeds: { seed: 1 },
      ...suspects,
    })
  const difference = (part: string, name: string, before?: string, after?: string) => ({ part, name, before, after })

  it('come in order: code, data, packages, device, chance, the rest', () => {
    const environment = {
      packages: [difference('python', 'zipp', '1', '2'), difference('python', 'numpy', '2.1.0', '2.1.2')],
      software: [difference('variables', 'OMP_NUM_THREADS', '1', '8'), difference('python', 'version', '3.11', '3.12')],
      host: [
        difference('kernel', 'kernel', '5', '6'),
        difference('accelerators', 'devices.0.model', 'NVIDIA H200', 'NVIDIA A100'),
      ],
    }
    const data = [{ path: 'train.csv', recorded: a, now: b }]
    expect(details({ code: ['a submodule is not here'], data, environment, seeds: undefined })).toEqual([
      { kind: 'code', detail: 'a submodule is not here' },
      { kind: 'data', detail: 'train.csv aaaaaa -> bbbbbb' },
      { kind: 'environment', detail: 'numpy 2.1.0 -> 2.1.2' },
      { kind: 'environment', detail: 'zipp 1 -> 2' },
      { kind: 'environment', detail: 'python version 3.11 -> 3.12' },
      { kind: 'hardware', detail: 'GPU H200 -> A100' },
      { kind: 'seed', detail: 'seed not recorded' },
      { kind: 'environment', detail: 'variables OMP_NUM_THREADS 1 -> 8' },
      { kind: 'environment', detail: 'kernel 5 -> 6' },
    ])
  })

  it('none where nothing is otherwise; an environment that is not known is one', () => {
    expect(details({})).toEqual([])
    expect(details({ environment: undefined })).toMatchObject([{ kind: 'environment' }])
  })

  it('are counted where there are too many of a kind', () => {
    const packages = Array.from({ length: 30 }, (_, index) => difference('python', `p${index}`, '1', '2'))
    expect(details({ environment: { packages, software: [], host: [] } }).at(-1)?.detail).toBe('10 more of this kind')
  })
})
