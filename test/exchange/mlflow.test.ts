import { describe, expect, it } from 'vitest'
import { buildImportedRun } from '../../src/exchange/imported-run.ts'
import { type MlflowRun, readMeta, readMetricFiles, toImportedRun } from '../../src/exchange/mlflow/format.ts'

describe('meta.yaml', () => {
  it.each([
    [1, 'RUNNING'],
    [3, 'FINISHED'],
    [4, 'FAILED'],
    [5, 'KILLED'],
    [99, ''],
    ['FINISHED', 'FINISHED'],
  ])('status %s is %s', (status, word) => expect(readMeta({ run_id: 'a1', status })?.status).toBe(word))

  it('of old versions names the run by run_uuid, and has no end for a run that never ended', () => {
    const meta = { run_uuid: 'a1', name: '', status: 1, start_time: 5, end_time: null, lifecycle_stage: 'active' }
    expect(readMeta(meta)).toEqual({ id: 'a1', status: 'RUNNING', deleted: false, start: 5 })
  })

  it.each([null, 'x', {}, { run_id: 'a1' }, { run_id: '../x', status: 3 }, { name: 'Default', experiment_id: '0' }])(
    'that is none of a run: %j',
    (value) => expect(readMeta(value)).toBeUndefined(),
  )
})

it('metric files: time, value, step; no step in old ones; invalid lines are reported', () => {
  const files = new Map([
    ['val/f1', '10 0.5 0\n20 0.75 1\n'],
    ['loss', '10 nan\n20 inf\n30 -Infinity\n'],
    ['bad', '10 0.5 0\nwhat\n'],
  ])
  const { metrics, problems } = readMetricFiles(files)
  expect(metrics.get('val/f1')?.points).toEqual([
    { time: 10, value: 0.5, step: 0 },
    { time: 20, value: 0.75, step: 1 },
  ])
  expect(metrics.get('loss')?.points.map(({ value }) => value)).toEqual([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ])
  expect(problems).toEqual([{ path: 'metrics/bad', line: 2, reason: 'is not "<time> <value> <step>"' }])
})

describe('an MLflow run', () => {
  const base: MlflowRun = {
    id: 'a1',
    status: 'FINISHED',
    deleted: false,
    parameters: new Map(),
    tags: new Map(),
    metrics: new Map(),
    problems: [],
    inputs: [],
    artifacts: [],
  }
  const origin = {
    source: 'mlruns/0/a1',
    agent: { name: 'Mei', email: 'mei@example.org' },
    notes: [],
    time: new Date(0),
  }
  const imported = (fields: Partial<MlflowRun>) => toImportedRun({ ...base, ...fields }, origin)

  it.each([
    ['RUNNING', 'lost'],
    ['SCHEDULED', 'not-started'],
    ['FINISHED', 'ok'],
    ['FAILED', 'failed'],
    ['KILLED', 'killed'],
    ['', 'lost'],
  ])('%s becomes %s', (status, word) => expect(imported({ status }).outcome?.status).toBe(word))

  it("keeps tags except those with a field of their own or with a person's name", () => {
    const tags = new Map([
      ['mlflow.user', 'mei'],
      ['mlflow.source.name', 'train.py'],
      ['mlflow.note.content', 'First try'],
      ['team', 'vision'],
    ])
    expect(imported({ tags, experiment: 'digits' })).toMatchObject({
      command: ['train.py'],
      intent: 'First try',
      tags: { team: 'vision', 'mlflow.experiment': 'digits' },
    })
    expect(JSON.stringify(imported({ tags }).tags)).not.toContain('mei')
  })

  it('has numbers for parameters written as numbers', () => {
    const parameters = new Map([
      ['lr', '0.1'],
      ['version', '1.10'],
      ['big', '12345678901234567890'],
      ['empty', ''],
    ])
    expect(imported({ parameters }).parameters).toEqual({
      mlflow: { values: { lr: 0.1, version: '1.10', big: '12345678901234567890', empty: '' } },
    })
  })

  it('gives the same record for the same run, and reports a name that is not valid here', () => {
    const clean = (text: string) => text.replaceAll('secret', '***')
    const one = buildImportedRun(imported({ name: 'try secret 1', artifactUri: 'file:///secret' }), clean)
    expect(one.record.id).toBe(
      buildImportedRun(imported({ name: 'try secret 1', artifactUri: 'file:///secret' }), clean).record.id,
    )
    expect(one.record.record.name).toBe('try_secret_1')
    expect(one.record.record.imported?.notes).toContain('what it made is at file:///***')
    expect(one.record.record.runId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5/)
  })
})
