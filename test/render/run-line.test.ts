import { describe, expect, it } from 'vitest'
import { describeGrade } from '../../src/decisions/view/outcome.ts'
import { isUnicodeLocale, sparkline } from '../../src/render/sparkline.ts'
import { renderRunLine } from '../../src/run/run-line.ts'
import { aRun } from '../support/runs.ts'

const line = (fields: Parameters<typeof aRun>[0]) => renderRunLine('7c1f9e0000', aRun(fields).record)
const file = { path: 'model.pkl', digest: 'a'.repeat(64), state: 'complete' as const, declared: 'option' as const }
const metric = (value: number | 'NaN') => ({ value, direction: 'maximize' as const, source: 'm.json' })

describe('the line at the end of a run', () => {
  it.each<[string, Parameters<typeof aRun>[0], string]>([
    ['ok', {}, 'ok'],
    ['failed', { outcome: { status: 'failed', exitCode: 3 } }, 'failed (3)'],
    ['killed', { outcome: { status: 'killed', signal: 'SIGSEGV' } }, 'killed (SIGSEGV)'],
    ['out of memory', { outcome: { status: 'out-of-memory', signal: 'SIGKILL' } }, 'out of memory'],
    ['interrupted', { outcome: { status: 'interrupted', signal: 'SIGINT' } }, 'interrupted'],
    [
      'not started',
      { outcome: { status: 'not-started', exitCode: 127, reason: 'x: command not found' } },
      'not-started: x: command not found',
    ],
    ['not finished', { outcome: undefined, phase: 'planned' }, 'not finished'],
    ['its time', { usage: { wallSeconds: 42 } }, 'ok  42 s'],
    ['figures', { metrics: { f1: metric(0.83) } }, 'ok  f1 0.83'],
    ['a figure that is none', { metrics: { f1: metric('NaN') } }, 'ok  f1 NaN'],
    [
      'figures against the baseline, which is named once',
      {
        metrics: { f1: metric(0.83), auc: metric(0.9) },
        baseline: { reference: 'main', metrics: { f1: 0.79, auc: 0.91 } },
      },
      'ok  auc 0.9 (-0.01 vs baseline)  f1 0.83 (+0.04)',
    ],
    [
      'an expectation',
      { expectations: [{ expression: 'metrics.f1 > 0.8', answer: 'not-met' }] },
      'ok  expectation not met',
    ],
    ['what it made', { outputs: [{ ...file, change: 'created' }] }, 'ok  1 output'],
    ['what it did not make', { outputs: [{ ...file, state: 'missing' }] }, 'ok  model.pkl not made'],
    ['nothing', { changed: false }, 'ok  nothing changed'],
    [
      'an input that was not there',
      { inputs: [{ ...file, path: 'a.csv', state: 'missing', reason: 'no such file' }] },
      'ok  input a.csv missing: no such file',
    ],
    [
      'an input it changed',
      { inputs: [file], outputs: [{ ...file, change: 'modified' }] },
      'ok  1 output  input model.pkl was changed by the run',
    ],
    ['a problem', { problems: [{ where: 'm.json:1', reason: 'is no JSON\u001b' }] }, 'ok  m.json:1: is no JSON\\x1b'],
    [
      'problems',
      { problems: [1, 2].map((number) => ({ where: `${number}`, reason: 'x' })) },
      'ok  2 problems (git prov show)',
    ],
  ])('says %s', (_, fields, words) => {
    expect(line(fields)).toBe(`prov: run 7c1f9e  ${words}`)
  })
})

describe('a verdict on criteria', () => {
  it.each([
    [{ metric: 'f1', at_least: 0.8, value: 0.83, run: '7c1f9e0000', before: true }, 'f1 0.83 >= 0.8, run 7c1f9e'],
    [
      { metric: 'f1', at_least: 0.8, value: 0.83, run: '7c1f9e0000', before: false },
      'f1 0.83 >= 0.8, run 7c1f9e, the criterion came after',
    ],
    [{ metric: 'f1', at_most: 0.2, value: 0.1, run: '7c1f9e0000' }, 'f1 0.1 <= 0.2, run 7c1f9e, order not proven'],
    [{ metric: 'f1', at_least: 0.1, at_most: 0.2 }, 'f1 not measured >= 0.1 and <= 0.2'],
  ])('%j', (criterion, words) => {
    const graded = { ...criterion, answer: 'met' } as unknown as Parameters<typeof describeGrade>[0]['criteria'][0]
    expect(describeGrade({ verdict: 'not-met', criteria: [graded] })).toBe(`not met (${words})`)
  })

  it('without criteria is a word', () => {
    expect(describeGrade({ verdict: 'inconclusive', criteria: [] })).toBe('inconclusive')
  })
})

describe('a series in a line', () => {
  it.each([
    [[0, 1, 2, 3, 4, 5, 6, 7], '▁▂▃▄▅▆▇█', '_.:-=+*#'],
    [[1, null, 2], '▁ █', '_ #'],
    [[1, Number.POSITIVE_INFINITY, 2], '▁ █', '_ #'],
    [[5, 5], '▄▄', '--'],
    [[5], undefined, undefined],
    [[null, null], undefined, undefined],
  ])('%j', (values, blocks, letters) => {
    expect([sparkline(values, true), sparkline(values, false)]).toEqual([blocks, letters])
  })

  it.each([
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
    [{ LC_ALL: '', LC_CTYPE: 'C.UTF-8' }, true],
    [{ LANG: 'en_US.utf8' }, true],
    [{}, false],
  ])('%j shows blocks: %s', (env, shown) => {
    expect(isUnicodeLocale(env)).toBe(shown)
  })
})
