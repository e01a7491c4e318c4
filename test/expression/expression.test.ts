import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProvError } from '../../src/base/errors.ts'
import { evaluate } from '../../src/expression/evaluate.ts'
import { formatPath, pathsOf, type Value } from '../../src/expression/expression.ts'
import { matchesGlob } from '../../src/expression/glob.ts'
import { parseExpression, parsePath } from '../../src/expression/parse.ts'
import { figuresBehind, recordLookup, runLookup, runVocabulary } from '../../src/expression/run-vocabulary.ts'
import { foldRuns, type RunView } from '../../src/records/run.ts'
import { aRun } from '../support/runs.ts'

const now = Date.parse('2026-11-25T12:00:00Z')
const values: Record<string, Value> = {
  status: 'ok',
  stage: 'train',
  name: 'focal-2',
  changed: false,
  started: Date.parse('2026-11-24T10:00:30Z'),
  duration: 95,
  memory: 3e9,
  env: `4c01aa${'0'.repeat(58)}`,
  'metrics.f1': 0.83,
  'metrics.loss': Number.NaN,
  'metrics.val/acc': 1,
  'baseline.f1': 0.79,
  'params.lr': 0.01,
  'params.batch': '32',
  'params.loss': 'focal',
  'params.amp': true,
  'params.shuffle': 'True',
  'params.scheduler': null,
  'params.learning rate': 3,
  'tags.version': '1.10',
  'data.train': `77be02${'1'.repeat(58)}`,
}
const lookup = (path: { root: string; name?: string }) =>
  values[path.name === undefined ? path.root : `${path.root}.${path.name}`]
const ask = (text: string) => evaluate(parseExpression(text, runVocabulary), lookup, now)

describe('expressions', () => {
  it.each<[string, boolean | undefined]>([
    ['metrics.f1 >= 0.8', true],
    ['metrics.f1 < .8', false],
    ['metrics.f1 > 8e-1', true],
    ['params.lr = 0.010', true],
    ['params.lr != 0.01', false],
    ['params.lr < 0.1 and metrics.f1 >= 0.8', true],
    ['status = failed or stage = train', true],
    ['status = failed or stage = train and name = x', false],
    ['(status = failed or stage = train) and not name = x', true],
    ['NOT status = failed AND stage = train', true],
    ['stage in (train, evaluate)', true],
    ['stage not in (train, evaluate)', false],
    ['name ~ "focal*"', true],
    ['name ~ FOCAL-?', true],
    ['name !~ *ocal', true],
    ['env = 4c01aa', true],
    ['env = 4C01AA', true],
    ['env != 4c01ab', true],
    ['data.train = 77be02', true],
    ['metrics.val/acc = 1', true],
    ['metrics."val/acc" = 1', true],
    ['params."learning rate" = 3', true],
    ["params.'learning rate' = 3", true],
    ['metrics.f1 > baseline.f1', true],
    ['metrics.f1 < baseline.f1', false],
    ['duration > 90', true],
    ['duration > 1.5min and duration < 2m', true],
    ['memory > 2.5GB', true],
    ['memory > 3GiB', false],
    ['started > 2026-11-01', true],
    ['started = 2026-11-24', true],
    ['started > 2026-11-24', false],
    ['started >= 2026-11-24', true],
    ['started = 2026-11', true],
    ['started = 2026-11-24T10:00', true],
    ['started < 2026-11-24T10:00:30Z', false],
    ['started > 2d ago', true],
    ['started > 1d ago', false],
    ['started < 60min ago', true],
    // As other tools log them: all text.
    ['params.batch > 16', true],
    ['params.batch = 32.0', true],
    ['params.batch = "32"', true],
    ['params.batch = "32.0"', false],
    ['params.shuffle = true', true],
    ['params.amp = true', true],
    ['params.amp', true],
    ['not params.amp', false],
    ['changed', false],
    ['changed = false', true],
    ['params.scheduler = null', true],
    ['params.lr = null', false],
    ['tags.version', true],
    ['tags.version > "1.1"', true],
    ['tags.version > 1.2', false],
    // No number: never near one, and never equal to one.
    ['metrics.loss < 1', false],
    ['metrics.loss >= 1', false],
    ['metrics.loss = NaN', true],
    ['metrics.f1 < inf', true],
    // What is not there is not known.
    ['metrics.auc > 0.5', undefined],
    ['not metrics.auc > 0.5', undefined],
    ['metrics.auc != 1', undefined],
    ['metrics.auc > 0.5 and status = failed', false],
    ['metrics.auc > 0.5 or status = ok', true],
    ['metrics.auc > 0.5 and status = ok', undefined],
    ['metrics.f1 > baseline.auc', undefined],
    ['has metrics.auc', false],
    ['has metrics.f1 and not has tags.owner', true],
    ['tags.owner', false],
    // Things without an order between them.
    ['params.loss < 3', undefined],
    ['params.loss = 3', false],
    ['params.loss > "ce"', true],
    ['params.amp > 1', undefined],
  ])('%s is %s', (text, wanted) => expect(ask(text)).toBe(wanted))

  it.each([
    ['', 'column 1: expected a field such as metrics.f1 or status, found the end'],
    ['metrics.f1 >', 'column 13: expected a number, found the end'],
    ['metrics.f1 > high', "column 14: expected a number, found 'high'"],
    ['metrics.f1 > 0.8 metrics.auc > 1', "column 18: expected 'and', 'or' or the end, found 'metrics.auc'"],
    ['metric.f1 > 0.8', "column 1: expected a field, found 'metric'"],
    ['metrics > 0.8', "column 1: expected a name after metrics, as in metrics.x, found 'metrics'"],
    ['status.x = 1', "column 1: expected status alone, found 'status.x'"],
    ['0.8 < metrics.f1', "column 1: expected a field, found '0'"],
    ['(status = ok', "column 13: expected ')', found the end"],
    ['stage in train', "column 10: expected '(' and a list of values, found 'train'"],
    ['stage in (train', "column 16: expected ',' or ')', found the end"],
    ['stage in ()', "column 11: expected a word, or text in quotes, found ')'"],
    ['name = "x', 'column 8: expected a closing ", found the end'],
    [
      'started > 2026-02-30',
      "column 11: expected a date (2026-11-01, 2026-11-01T09:30) or an age (2d ago), found '2026-02-30'",
    ],
    ['duration > 3 parsecs', "column 14: expected 'and', 'or' or the end, found 'parsecs'"],
    ['env > 4c01', "column 5: expected an operator for something without an order (=, !=, ~), found '>'"],
    ['a ! b', "column 3: expected an operator, found '!'"],
    ['metrics. > 1', "column 1: expected a field such as metrics.f1 or status, found 'metrics.'"],
    ['has', 'column 4: expected a field such as metrics.f1 or status, found the end'],
    ['changed = maybe', "column 11: expected true or false, found 'maybe'"],
    ['__proto__ = 1', "column 1: expected a field, found '__proto__'"],
    ['constructor', "column 1: expected a field, found 'constructor'"],
  ])('%s: %s', (text, message) => {
    expect(() => parseExpression(text, runVocabulary)).toThrow(message)
  })

  it('a mistake is marked in the text, and a near name is offered', () => {
    try {
      parseExpression('status = ok and metrc.f1 > 1', runVocabulary)
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({
        cause: `status = ok and metrc.f1 > 1\n${' '.repeat(16)}^`,
        hint: 'did you mean metrics?',
        exitCode: 2,
      })
    }
  })

  it('is bounded in length and depth', () => {
    expect(() => parseExpression(`${'('.repeat(1000)}status`, runVocabulary)).toThrow('at most 64 levels')
    expect(() => parseExpression('not '.repeat(1000), runVocabulary)).toThrow('at most 64 levels')
    expect(() => parseExpression(`status = ${'x'.repeat(5000)}`, runVocabulary)).toThrow('longer than 4096')
    expect(matchesGlob('*a'.repeat(1000), 'b'.repeat(100_000))).toBe(false)
  })

  it('any text is read or refused with our own error, and nothing else', () => {
    const words = fc.constantFrom(
      'metrics.f1',
      'status',
      'not',
      'and',
      'or',
      '(',
      ')',
      'in',
      ',',
      '"',
      "'",
      '=',
      '>=',
      '~',
      '2d',
      'ago',
      '!',
      '\\',
      '\u001b[2J',
      'has',
      '.',
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(words).map((parts) => parts.join(' ')),
      fc.array(words).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, (one) => {
        try {
          const answer = evaluate(parseExpression(one, runVocabulary), lookup, now)
          return answer === undefined || typeof answer === 'boolean'
        } catch (error) {
          return error instanceof ProvError && error.exitCode === 2 && !/[\u0000-\u001f]/.test(error.message)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('a path is printed as it can be typed again', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (name) => {
        const path = { root: 'params', name }
        expect(parsePath(formatPath(path), runVocabulary)).toEqual({ path, kind: 'any' })
      }),
    )
    expect(() => parsePath('metrics.f1 x', runVocabulary)).toThrow('expected the end')
  })

  it('knows the fields it asks for', () => {
    const expression = parseExpression(
      'metrics.f1 > baseline.f1 and (status = ok or not metrics.f1 > 1)',
      runVocabulary,
    )
    expect(pathsOf(expression).map(formatPath)).toEqual(['metrics.f1', 'baseline.f1', 'status'])
  })
})

describe('fields of a run', () => {
  const digest = '9'.repeat(64)
  const { record } = aRun({
    stage: 'train',
    parameters: { 'params.yaml': { values: { lr: 0.1 } }, option: { values: { lr: 0.2 } } },
    metrics: { f1: { value: 0.83, source: 'm.json' }, loss: { value: 'NaN', source: 'm.json' } },
    baseline: { reference: 'main', metrics: { f1: 0.79 } },
    expectations: [{ expression: 'metrics.f1 > 0.8', answer: 'met' }],
    inputs: [{ path: 'data/train', dataset: 'train', digest, state: 'complete', declared: 'config' }],
    usage: { wallSeconds: 42, userSeconds: 40, systemSeconds: 1 },
    started: '2026-11-24T10:00:00.000Z',
  })
  const holds = (text: string) => evaluate(parseExpression(text, runVocabulary), recordLookup(record), now)

  it.each([
    'status = ok and stage = train and exit = 0',
    'params.lr = 0.2',
    'metrics.f1 > baseline.f1 and delta.f1 > 0.03 and metrics.loss = NaN',
    'data.train = 9999 and not has data."data/train"',
    'duration = 42 and cpu = 41s and started = 2026-11-24',
    'expectation = met and author = "Mei Chen" and command ~ "*train.py*"',
    'env = eeee and commit = aaaa and not has snapshot and not tags.x and not has metrics.toString',
  ])('%s', (text) => expect(holds(text)).toBe(true))

  it('every field is told of a run or is not there, and none fails', () => {
    const [view] = foldRuns([aRun()]) as [RunView]
    const roots = Object.keys(runVocabulary).filter((root) => runLookup(view)({ root, name: 'x' }) !== undefined)
    expect(roots).toContain('id')
    expect(runLookup(view)({ root: 'replays' })).toBe(0)
  })

  it('says the figures behind an answer', () => {
    const expression = parseExpression('metrics.f1 >= baseline.f1 and metrics.auc > 0.9', runVocabulary)
    expect(figuresBehind(expression, recordLookup(record))).toBe('metrics.f1 0.83, baseline.f1 0.79, metrics.auc none')
  })
})
