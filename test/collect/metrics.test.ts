import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseTime } from '../../src/collect/metrics/axes.ts'
import { discover } from '../../src/collect/metrics/discover.ts'
import { collectMetrics, type MetricsRequest } from '../../src/collect/metrics.ts'
import { temporaryFolder } from '../support/repository.ts'

function folder(files: Record<string, string | Buffer>): string {
  const root = temporaryFolder()
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

/** What was collected, as plain data: points are value, or [step, value], or [step, value, time]. */
async function collect(files: Record<string, string | Buffer>, request: Partial<MetricsRequest> = {}) {
  const root = folder(files)
  const set = await collectMetrics({ root, declared: Object.keys(files), since: 0, ...request })
  const metrics = Object.fromEntries(
    [...set.metrics].map(([name, { points }]) => [
      name,
      points.map(({ step, value, time }) =>
        time !== undefined ? [step, value, time] : step !== undefined ? [step, value] : value,
      ),
    ]),
  )
  const problems = set.problems.map(({ path, line, reason }) => `${path}${line ? `:${line}` : ''}: ${reason}`)
  return { ...set, metrics, problems, root }
}

describe('structured files', () => {
  it('JSON: numbers by dotted path, lists as series, NaN and Infinity as Python writes them', async () => {
    const json =
      '{"f1": 0.83, "test": {"loss": NaN, "top": -Infinity, "name": "NaN"}, "ok": true, "fold": [1, 2.5], "matrix": [[1, 2]]}'
    const { metrics, problems } = await collect({ 'metrics.json': json })
    expect(metrics).toEqual({
      f1: [0.83],
      'test.loss': [Number.NaN],
      'test.top': [Number.NEGATIVE_INFINITY],
      fold: [
        [0, 1],
        [1, 2.5],
      ],
    })
    expect(problems).toEqual([])
  })
  it('JSON: a list of objects is a table with its step', async () => {
    const log = {
      log_history: [
        { loss: 1, step: 5, epoch: 1 },
        { loss: 0.5, step: 10, epoch: 2 },
      ],
    }
    const { metrics } = await collect({ 'trainer_state.json': JSON.stringify(log) })
    expect(metrics).toEqual({
      'log_history.loss': [
        [5, 1],
        [10, 0.5],
      ],
    })
  })
  it('YAML and TOML', async () => {
    const { metrics } = await collect({
      'm.yaml': 'a:\n  b: 1.5\n  c: .nan\nd: text\n',
      'm.toml': '[e]\nf = 2\ng = inf\n',
    })
    expect(metrics).toEqual({ 'a.b': [1.5], 'a.c': [Number.NaN], 'e.f': [2], 'e.g': [Number.POSITIVE_INFINITY] })
  })
  it.each([
    ['m.json', '{"a": 1,\n "b": }\n', /^m\.json:2: Unexpected token/],
    ['m.json', '{"a": NaN,\n "b": 1', /^m\.json:2: /],
    ['m.json', '', /^m\.json:1: Unexpected end of JSON input/],
    ['m.yaml', 'a: 1\nb: [\n', /^m\.yaml:3: /],
    ['m.toml', 'a = 1\nb = \n', /^m\.toml:2: /],
  ])('%s that cannot be parsed is told with its line: %j', async (name, text, message) => {
    const { metrics, problems } = await collect({ [name]: text })
    expect(metrics).toEqual({})
    expect(problems).toEqual([expect.stringMatching(message)])
  })
  it('a name of an object prototype is a name like any other', async () => {
    const { metrics } = await collect({ 'm.json': '{"__proto__": 1, "constructor": {"x": 2}}' })
    expect(Object.entries(metrics)).toEqual([
      ['__proto__', [1]],
      ['constructor.x', [2]],
    ])
  })
})

describe('tables', () => {
  it('CSV: every numeric column, by step and time; empty cells are no values', async () => {
    const text = 'epoch,timestamp,loss,"val, loss",note\n0,1764000000,1.5,,a\n1,1764000060.5,nan,0.25,b\n'
    const { metrics, problems } = await collect({ 'log.csv': text })
    expect(metrics).toEqual({
      loss: [
        [0, 1.5, 1764000000000],
        [1, Number.NaN, 1764000060500],
      ],
      'val, loss': [[1, 0.25, 1764000060500]],
    })
    expect(problems).toEqual([])
  })
  it('tabs, semicolons, carriage returns, a byte order mark', async () => {
    const { metrics } = await collect({ 'a.tsv': '\ufeffstep\tf1\r\n3\t0.5\r\n', 'b.csv': 'step;auc\n1;0.75\n' })
    expect(metrics).toEqual({ f1: [[3, 0.5]], auc: [[1, 0.75]] })
  })
  it('a long table', async () => {
    const { metrics } = await collect({ 'm.csv': 'metric,step,time,value\nf1,1,,0.5\nf1,2,,0.75\nauc,,,1e-3\n' })
    expect(metrics).toEqual({
      f1: [
        [1, 0.5],
        [2, 0.75],
      ],
      auc: [0.001],
    })
  })
  it('what is wrong is told with its line, and the rest is read', async () => {
    const { metrics, problems } = await collect({
      'm.csv': 'step,loss\n0,1\n1,oops\n2\n3,0.5\n4',
      'n.csv': '1,2\n3,4\n',
    })
    expect(metrics).toEqual({
      loss: [
        [0, 1],
        [3, 0.5],
      ],
    })
    expect(problems).toEqual([
      "m.csv:3: loss is not a number: 'oops'",
      'm.csv:4: 1 cells under 2 columns',
      'n.csv:1: no header: the first line must name the columns',
    ])
  })
  it('JSON Lines: a damaged line is named and passed over, one still being written is not', async () => {
    const text =
      '{"step": 0, "train": {"loss": 2}, "lr": 0.1}\n{"step": 1, "train\n[1]\n\n{"step": 2, "train": {"loss": NaN}}\n{"step": 3, "tra'
    const { metrics, problems } = await collect({ 'log.jsonl': text })
    expect(metrics).toEqual({
      'train.loss': [
        [0, 2],
        [2, Number.NaN],
      ],
      lr: [[0, 0.1]],
    })
    expect(problems).toEqual([
      'log.jsonl:2: not JSON; expected one object a line',
      'log.jsonl:3: not a JSON object; expected {"name": number, …}',
    ])
  })
  it('a line longer than a MiB is named, and reading goes on behind it', async () => {
    const { metrics, problems } = await collect({
      'log.jsonl': `{"a": 1}\n{"b": "${'x'.repeat(3 << 20)}"}\n{"a": 2}\n`,
    })
    expect(metrics).toEqual({ a: [1, 2] })
    expect(problems).toEqual(['log.jsonl:2: the line is longer than 1 MiB'])
  })
})

it.each([
  [1764000000, 1764000000000],
  [1764000000123, 1764000000123],
  [1764000000123456, 1764000000123],
  ['2025-11-24T16:00:00Z', 1764000000000],
  ['1764000000.5', 1764000000500],
  [12.5, undefined],
  ['yesterday', undefined],
])('the time %j is %j ms', (value, time) => expect(parseTime(value)).toBe(time))

describe('dvclive', () => {
  it('series, what only the summary has, and parameters; slashes stay', async () => {
    const { metrics, parameters, files } = await collect({
      'out/plots/metrics/train/loss.tsv': 'timestamp\tstep\tloss\n1764000000000\t0\t1.5\n1764000001000\t1\t0.5\n',
      'out/metrics.json': '{"step": 1, "train": {"loss": 0.5}, "test": {"f1": 0.75}}',
      'out/params.yaml': 'lr: 0.01\nmodel:\n  depth: 3\n',
    })
    expect(metrics).toEqual({
      'train/loss': [
        [0, 1.5, 1764000000000],
        [1, 0.5, 1764000001000],
      ],
      'test/f1': [0.75],
    })
    expect([...(parameters.get('dvclive') ?? [])]).toEqual([
      ['lr', 0.01],
      ['model.depth', 3],
    ])
    expect(files.map(({ source }) => source)).toEqual(['dvclive', 'dvclive', 'dvclive'])
  })
  it('older layouts', async () => {
    const { metrics } = await collect({
      'dvclive/scalars/val/acc.tsv': 'timestamp\tstep\tacc\n1764000000000\t0\t0.5\n',
      'old/dvclive/loss.tsv': 'timestamp\tstep\tloss\n1764000000000\t0\t2\n',
      'old/dvclive.json': '{"step": 0, "loss": 2, "best": 1}',
    })
    expect(metrics).toEqual({ 'val/acc': [[0, 0.5, 1764000000000]], loss: [[0, 2, 1764000000000]], best: [1] })
  })
})

describe('GIT_PROV_EVENTS', () => {
  it('metrics, parameters, tags, paths and notes; what is wrong is named with its line', async () => {
    const root = folder({})
    const eventsFile = join(root, 'events.jsonl')
    const lines = [
      '{"metric": "f1", "value": 0.5, "step": 1, "time": 1764000000}',
      '{"metric": "f1", "value": "nan", "step": 2}',
      '{"metrics": {"loss": 2, "auc": 0.5}, "step": 3}',
      '{"param": "lr", "value": 0.01}',
      '{"params": {"layers": [64, 32], "bias": true, "seed": null}}',
      '{"tag": "stage", "value": "final"}',
      '{"input": "data/train.csv"}',
      '{"output": "model.pkl"}',
      '{"note": "converged early"}',
      '{"metric": "f1"}',
      '{"metric": "f1", "value": 1, "param": "x"}',
      '{"metrics": [1]}',
      '{"other": 1}',
      'oops',
      '{"param": "late", "value": 1}',
    ]
    writeFileSync(eventsFile, `${lines.join('\n')}\n{"metric": "f1", "val`)
    const set = await collectMetrics({ root, declared: [], since: 0, changed: [], eventsFile })
    expect(set.metrics.get('f1')?.points).toEqual([
      { value: 0.5, step: 1, time: 1764000000000 },
      { value: Number.NaN, step: 2 },
    ])
    expect(set.metrics.get('auc')?.points).toEqual([{ value: 0.5, step: 3 }])
    expect(Object.fromEntries(set.parameters.get('events') ?? [])).toEqual({
      lr: 0.01,
      layers: '[64,32]',
      bias: true,
      seed: null,
      late: 1,
    })
    expect([set.inputs, set.outputs, set.notes]).toEqual([['data/train.csv'], ['model.pkl'], ['converged early']])
    expect([...set.tags]).toEqual([['stage', 'final']])
    expect(set.problems.map(({ line, reason }) => [line, reason])).toEqual([
      [10, 'value of metric "f1" must be a number'],
      [11, 'expected one of metric, metrics, param, params, tag, input, output, note; found metric and param'],
      [12, 'metrics must be an object'],
      [13, 'expected one of metric, metrics, param, params, tag, input, output, note'],
      [14, 'not JSON; expected one object a line'],
    ])
  })
})

describe('which files are read', () => {
  it('declared ones by path, folder and glob; older, absent and unknown ones are said', async () => {
    const root = folder({
      'a/1.json': '{"x": 1}',
      'a/2.csv': 'y\n2\n',
      'old.json': '{"z": 3}',
      'm.bin': 'x',
      'a/b/3.json': '{"w": 4}',
    })
    utimesSync(join(root, 'old.json'), 1, 1)
    const set = await collectMetrics({
      root,
      declared: ['a/*.{json,csv}', 'old.json', 'gone.json', 'm.bin', 'a/b'],
      since: 1000_000,
      changed: [],
    })
    expect(set.files.map(({ path, source, state }) => [path, source, state])).toEqual([
      ['a/1.json', 'structured', 'read'],
      ['a/2.csv', 'csv', 'read'],
      ['old.json', undefined, 'older'],
      ['gone.json', undefined, 'missing'],
      ['m.bin', undefined, 'unknown'],
      ['a/b/3.json', 'structured', 'read'],
    ])
    expect([...set.metrics.keys()].sort()).toEqual(['w', 'x', 'y'])
    expect(set.problems.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      'old.json: not written by this run: it is older than its start',
      'gone.json: declared in prov.yaml, and not there',
      expect.stringMatching(/^m\.bin: no source reads such a file/),
    ])
  })
  it('undeclared ones are known by their look', () => {
    const telling = [
      'runs/a/events.out.tfevents.1764.host.1.0',
      'logs/train/events.out.tfevents.1764.host.1.0.v2',
      'dvclive/plots/metrics/f1.tsv',
      'dvclive/metrics.json',
      'out/plots/metrics/train/loss.tsv',
      'out/metrics.json',
      'out/params.yaml',
      'metrics.json',
      'eval/metrics-test.json',
      'lightning_logs/version_0/metrics.csv',
      'checkpoint/trainer_state.json',
    ]
    const others = ['data/train.csv', 'params.yaml', 'model.pkl', 'config.json', 'mymetrics.json.bak']
    expect(discover([...telling, ...others])).toEqual(telling)
  })
  it('and found among what was written since the start, ignored folders too', async () => {
    const root = folder({
      'runs/x/metrics.json': '{"f1": 1}',
      'venv/metrics.json': '{"f1": 2}',
      '.git/metrics.json': '{"f1": 3}',
      'metrics_old.json': '{"f1": 4}',
    })
    utimesSync(join(root, 'metrics_old.json'), 1, 1)
    const { metrics, files } = await collectMetrics({ root, declared: [], since: Date.now() - 60_000 })
    expect(files).toEqual([{ path: 'runs/x/metrics.json', source: 'structured', declared: false, state: 'read' }])
    expect([...metrics.keys()]).toEqual(['f1'])
  })
  it('a metric that two files tell differently keeps both values apart', async () => {
    const { metrics } = await collect({ 'a.json': '{"f1": 1}', 'b.json': '{"f1": 2}' })
    expect(metrics).toEqual({ f1: [1], 'f1@b.json': [2] })
  })
  it('a table still growing is read as far as it is whole', async () => {
    const { root } = await collect({ 'metrics.csv': 'step,loss\n' })
    appendFileSync(join(root, 'metrics.csv'), '0,1\n1,')
    const set = await collectMetrics({ root, declared: ['metrics.csv'], since: 0, changed: [] })
    expect(set.metrics.get('loss')?.points).toEqual([{ step: 0, value: 1 }])
  })
})
