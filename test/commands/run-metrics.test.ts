import { spawn } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { parseSeriesFile } from '../../src/records/metrics/series-file.ts'
import { entry, provRepository, type TestRepository } from '../support/repository.ts'
import { finishedRuns, runRecords } from '../support/run-records.ts'

const files = { 'data/train/a.csv': 'a\n', '.gitignore': 'logs/\n' }

/** A run whose command is a node script. */
const script = (test: TestRepository, text: string, ...options: string[]) =>
  test.prov('run', ...options, '--', process.execPath, '-e', text)

const score = (value: number) => `require('fs').writeFileSync('metrics.json', '{"f1": ${value}}')`

describe('metrics of a run', () => {
  it('are read from declared files, recognised files, and events', () => {
    const test = provRepository(files)
    const ran = script(
      test,
      `const { writeFileSync: write, appendFileSync: append, mkdirSync } = require('fs')
       write('scores.csv', 'epoch,loss\\n1,0.5\\n2,0.25\\n')
       mkdirSync('logs'); write('logs/metrics.json', '{"auc": 0.9}')
       const say = (event) => append(process.env.GIT_PROV_EVENTS, JSON.stringify(event) + '\\n')
       for (const step of [1, 2, 3]) say({ metric: 'acc', value: step / 4, step })
       say({ param: 'optimizer', value: 'adam' }); say({ tag: 'host', value: 'a' }); say({ output: 'made.bin' })
       write('made.bin', 'made')`,
      ...['--metrics', 'scores.csv'],
    )
    expect(ran.stderr).toMatch(/ok {2}\S+ s {2}/)
    const [record] = finishedRuns(test)
    expect(record?.metrics).toMatchObject({
      loss: { value: 0.25, steps: 2, max: 0.5, source: 'scores.csv', direction: 'minimize' },
      auc: { value: 0.9, source: 'logs/metrics.json' },
      acc: { value: 0.75, steps: 3, source: 'events' },
    })
    expect(record).toMatchObject({ tags: { host: 'a' }, parameters: { events: { values: { optimizer: 'adam' } } } })
    expect(record?.outputs).toContainEqual(
      expect.objectContaining({ path: 'made.bin', declared: 'events', change: 'created' }),
    )
    const digest = record?.series as string
    const series = parseSeriesFile(`${test.git('show', `prov:series/${digest.slice(0, 2)}/${digest}.csv`)}\n`)
    expect([...series].map(([name, points]) => [name, points.map(({ value }) => value)])).toEqual([
      ['acc', [0.25, 0.5, 0.75]],
      ['loss', [0.5, 0.25]],
    ])
    expect(JSON.parse(test.ok('verify', '--json'))).toMatchObject({ ok: true })
  })

  it('a metrics file that cannot be parsed is reported with its line, and the result is kept', () => {
    const test = provRepository(files)
    const ran = script(test, `require('fs').writeFileSync('m.json', '{\\n  "f1": oops }')`, '--metrics', 'm.json')
    expect([ran.status, ran.stderr]).toEqual([0, expect.stringMatching(/m\.json:2: /)])
    expect(finishedRuns(test)[0]?.problems?.[0]?.where).toBe('m.json:2')
  })

  it('may be NaN or infinite', () => {
    const test = provRepository(files)
    script(test, `require('fs').writeFileSync('metrics.json', '{"a": NaN, "b": -Infinity}')`)
    expect(finishedRuns(test)[0]?.metrics).toMatchObject({ a: { value: 'NaN' }, b: { value: '-Infinity' } })
  })

  it('are taken from an MLflow client over HTTP, unless the user has a server or declines', () => {
    const test = provRepository(files)
    const client = `(async () => {
      const post = (path, body) => fetch(process.env.MLFLOW_TRACKING_URI + '/api/2.0/mlflow/' + path, { method: 'POST', body: JSON.stringify(body) }).then((answer) => answer.json())
      const { run } = await post('runs/create', { experiment_id: '0', start_time: Date.now() })
      const run_id = run.info.run_id
      for (const step of [0, 1]) await post('runs/log-metric', { run_id, key: 'val_f1', value: 0.5 + step / 4, timestamp: Date.now(), step })
      await post('runs/log-parameter', { run_id, key: 'depth', value: '3' })
      await post('runs/update', { run_id, status: 'FINISHED' })
    })()`
    expect(script(test, client).stderr).toMatch(/val_f1 0\.75/)
    expect(finishedRuns(test)[0]).toMatchObject({
      metrics: { val_f1: { value: 0.75, steps: 2, source: 'mlflow' } },
      parameters: { mlflow: { values: { depth: 3 } } },
    })
    const show = ['run', '-q', '--', 'sh', '-c', 'echo "$MLFLOW_TRACKING_URI"']
    expect(test.prov('run', '--no-mlflow', ...show.slice(1)).stdout).toBe('\n')
    const env = { MLFLOW_TRACKING_URI: 'http://example.org' }
    expect(test.run(process.execPath, [entry, ...show], { env }).stdout).toBe('http://example.org\n')
  })

  it('are kept when git prov run was killed', async () => {
    const test = provRepository(files)
    const text = `require('fs').appendFileSync(process.env.GIT_PROV_EVENTS, '{"metric": "acc", "value": 0.5}\\n'); process.kill(process.ppid, 'SIGKILL')`
    const child = spawn(process.execPath, [entry, 'run', '--', process.execPath, '-e', text], {
      cwd: test.path,
      env: test.env,
    })
    await new Promise((resolve) => child.on('close', resolve))
    test.ok('log', '-n', '1')
    expect(finishedRuns(test)[0]).toMatchObject({ outcome: { status: 'lost' }, metrics: { acc: { value: 0.5 } } })
  })
})

describe('expectations of a run', () => {
  it('name the baseline of several metrics once', () => {
    const test = provRepository(files)
    const scores = (f1: number, auc: number) => `echo '{"f1": ${f1}, "auc": ${auc}}' > metrics.json`
    test.prov('run', '-q', '--metrics', 'metrics.json', '--', 'sh', '-c', scores(0.75, 0.9))
    test.commit('Metrics')
    const words = ['run', '--baseline', 'main', '--metrics', 'metrics.json', '--', 'sh', '-c', scores(0.83, 0.8)]
    expect(test.prov(...words).stderr).toMatch(/auc 0\.8 \(-0\.1 vs baseline\) {2}f1 0\.83 \(\+0\.08\) /)
  })

  it('are answered with the figures, and compared with a baseline', () => {
    const test = provRepository(files)
    const first = script(test, score(0.75), '--stage', 'train', '--baseline', 'main', '--expect', 'metrics.f1 >= 0.8')
    expect(first.stderr).toMatch(
      /f1 0\.75 {2}expectation not met {2}1 output {2}baseline: no run ended ok at main or before/,
    )
    test.commit('Metrics')
    const options = [
      '--stage',
      'train',
      '--expect',
      'metrics.f1 >= 0.80',
      '--expect',
      'delta.f1 > 0',
      '--expect',
      'metrics.auc > 0',
    ]
    const second = script(test, score(0.83), ...options, '--baseline', 'main')
    expect(second.stderr).toMatch(/f1 0\.83 \(\+0\.08 vs baseline\) {2}expectation not answered/)
    const [one, two] = finishedRuns(test)
    expect(one?.expectations).toEqual([
      { expression: 'metrics.f1 >= 0.8', answer: 'not-met', reason: 'metrics.f1 0.75' },
    ])
    expect(two?.expectations?.map(({ answer }) => answer)).toEqual(['met', 'met', 'unknown'])
    const plan = runRecords(test)[0]?.id
    expect(two?.baseline).toMatchObject({ reference: 'main', run: plan, metrics: { f1: 0.75 } })
    script(test, score(0.9), '--baseline', plan?.slice(0, 8) as string)
    expect(finishedRuns(test)[2]?.baseline).toEqual({ ...two?.baseline, reference: plan?.slice(0, 8) })
    expect(JSON.parse(test.ok('verify', '--json'))).toMatchObject({ ok: true })
  })

  it('must be valid before the command starts; the baseline must exist', () => {
    const test = provRepository(files)
    const bad = test.prov('run', '--expect', 'metrics.f1 >=', '--', 'touch', 'ran')
    expect([bad.status, bad.stderr]).toEqual([2, expect.stringContaining('error: ')])
    const none = test.prov('run', '--baseline', 'nowhere', '--', 'touch', 'ran')
    expect(none.stderr).toContain("error: --baseline 'nowhere' is neither a run nor a revision")
    expect([none.status, test.git('status', '--porcelain')]).toEqual([2, ''])
    expect(runRecords(test)).toEqual([])
  })
})

describe('why a run was made, and what was learned', () => {
  it('names its decision by the digest of its file', () => {
    const test = provRepository(files)
    test.ok('decision', 'new', 'Use focal loss', '--role', 'trainer')
    const listed = test.git('ls-files', '--others', 'decisions').split('\n')
    const file = listed.find((name) => name.endsWith('use-focal-loss.yaml'))
    test.ok('run', '-q', '--decision', 'use-focal-loss', '--', 'true')
    const digest = test.run('sha256sum', [file as string]).stdout.slice(0, 64)
    expect(finishedRuns(test)[0]).toMatchObject({
      decisions: ['use-focal-loss'],
      links: [{ rel: 'wasInformedBy', to: `file:${digest}` }, { rel: 'wasRevisionOf' }],
    })
    const none = test.prov('run', '--decision', 'use-focal-lots', '--', 'true')
    expect([none.status, none.stderr]).toEqual([2, expect.stringContaining("did you mean 'use-focal-loss'?")])
  })

  it('is added by git prov note, and shown with the run', () => {
    const test = provRepository(files)
    test.ok('run', '-q', '--', 'true')
    const id = runRecords(test)[0]?.id as string
    expect(test.ok('note', id.slice(0, 8), '--lesson', 'Warm up first', '--failure', 'diverged')).toBe(
      `prov: noted on ${id.slice(0, 6)}\n`,
    )
    expect(test.ok('show', id.slice(0, 8))).toMatch(/diverged[\s\S]*Warm up first/)
    expect(test.prov('note', id.slice(0, 8)).status).toBe(2)
    expect(test.prov('note', 'abcdef01', '-m', 'x').stderr).toContain("'abcdef01' is neither")
    expect(JSON.parse(test.ok('verify', '--json'))).toMatchObject({ ok: true })
  })
})
