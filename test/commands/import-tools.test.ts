import { createHash } from 'node:crypto'
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import sqlite from 'node-sqlite3-wasm'
import { describe, expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { gitRepository, provRepository, type TestRepository } from '../support/repository.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

function runs(test: TestRepository) {
  return test
    .branch('records/run/')
    .map((path) => JSON.parse(test.git('show', `prov:${path}`)))
    .sort((a, b) => (a.imported.key < b.imported.key ? -1 : 1))
}

describe('git prov import mlflow', () => {
  const folder = (id: string, fields: string, more: Record<string, string> = {}) => ({
    'mlruns/0/meta.yaml': "experiment_id: '0'\nname: digits\nlifecycle_stage: active\n",
    [`mlruns/0/${id}/meta.yaml`]: `run_id: ${id}\nstart_time: 1000\nlifecycle_stage: active\n${fields}`,
    [`mlruns/0/${id}/params/opt/lr`]: '0.1',
    [`mlruns/0/${id}/metrics/val/f1`]: '1000 0.5 0\n2000 0.8 1\n',
    [`mlruns/0/${id}/tags/mlflow.user`]: 'somebody',
    [`mlruns/0/${id}/tags/mlflow.source.name`]: '/home/somebody/project/train.py',
    ...more,
  })
  const done = 'status: 3\nend_time: 43000\n'

  it('imports committed folders of any name as of their last commit; importing twice adds nothing', async () => {
    const test = gitRepository()
    const first = test.commit('Runs', folder('a1', 'status: 1\nend_time: null\n'))
    test.commit('Finished', folder('a1', done, { 'mlruns/0/a1/artifacts/model.txt': 'weights' }))
    test.git('mv', 'mlruns', 'old_runs')
    test.commit('Moved')
    test.git('rm', '-rq', 'old_runs')
    test.commit('Gone')
    await inProcess(test).ok('init')
    expect(await inProcess(test).ok('import', 'mlflow')).toBe('prov: 1 run imported from mlflow\n')
    expect(await inProcess(test).ok('import', 'mlflow')).toBe('prov: 0 runs imported from mlflow, 1 was here already\n')
    const [run] = runs(test)
    expect(run).toMatchObject({
      about: { commit: first },
      command: [expect.stringMatching(/^<home:[0-9a-f]{8}>\/project\/train\.py$/)],
      started: '1970-01-01T00:00:01.000Z',
      usage: { wallSeconds: 42 },
      outcome: { status: 'ok' },
      parameters: { mlflow: { values: { 'opt/lr': 0.1 } } },
      metrics: { 'val/f1': { value: 0.8, max: 0.8, min: 0.5, steps: 2 } },
      outputs: [{ path: 'old_runs/0/a1/artifacts/model.txt', digest: sha256('weights') }],
      tags: { 'mlflow.experiment': 'digits' },
    })
    expect(test.git('show', `prov:series/${run.series.slice(0, 2)}/${run.series}.csv`)).toBe(
      'metric,step,time,value\nval/f1,0,1000,0.5\nval/f1,1,2000,0.8',
    )
    expect(JSON.stringify(run)).not.toContain('somebody')
    await inProcess(test).ok('verify')
  })

  it('imports folders of the work tree, links them to the commit MLflow names, skips deleted ones', async () => {
    const test = provRepository()
    const commit = test.head()
    test.write(folder('b1', done, { 'mlruns/0/b1/tags/mlflow.source.git.commit': commit }))
    const deleted = 'run_id: b2\nstatus: 3\nlifecycle_stage: deleted\n'
    test.write({ 'mlruns/0/b2/meta.yaml': deleted, 'mlruns/0/b2/tags/x': '1' })
    expect(await inProcess(test).ok('import', 'mlflow')).toMatch(
      /1 run imported from mlflow\n {2}left out: mlruns\/0\/b2: deleted/,
    )
    expect(runs(test)[0]).toMatchObject({ about: { commit }, imported: { key: 'b1', source: 'mlruns/0/b1' } })
  })

  it('imports the tables of mlflow.db', async () => {
    const test = provRepository()
    const database = new sqlite.Database(join(test.path, 'mlflow.db'))
    database.exec(`
      CREATE TABLE experiments (experiment_id INTEGER, name TEXT);
      CREATE TABLE runs (run_uuid TEXT, name TEXT, source_name TEXT, status TEXT, start_time BIGINT, end_time BIGINT,
        lifecycle_stage TEXT, artifact_uri TEXT, experiment_id INTEGER);
      CREATE TABLE params (key TEXT, value TEXT, run_uuid TEXT);
      CREATE TABLE tags (key TEXT, value TEXT, run_uuid TEXT);
      CREATE TABLE metrics (key TEXT, value REAL, timestamp BIGINT, step BIGINT, is_nan BOOLEAN, run_uuid TEXT);
      INSERT INTO experiments VALUES (1, 'digits');
      INSERT INTO runs VALUES ('c1', 'first', '', 'FAILED', 1000, 2000, 'active', 'file:///x', 1);
      INSERT INTO params VALUES ('lr', '0.1', 'c1');
      INSERT INTO metrics VALUES ('f1', 0.5, 1000, 0, 0, 'c1'), ('loss', 0, 1000, 0, 1, 'c1'),
        ('top', 1.7976931348623157e308, 1000, 0, 0, 'c1');`)
    database.close()
    expect(await inProcess(test).ok('import', 'mlflow', 'mlflow.db')).toBe('prov: 1 run imported from mlflow\n')
    expect(runs(test)[0]).toMatchObject({
      name: 'first',
      outcome: { status: 'failed' },
      metrics: { f1: { value: 0.5 }, loss: { value: 'NaN' }, top: { value: 'Infinity' } },
      tags: { 'mlflow.experiment': 'digits' },
    })
  })

  it('reports a file that is no database, and a missing path', async () => {
    const test = provRepository()
    test.write({ 'mlflow.db': 'not SQLite at all' })
    const damaged = await inProcess(test).prov('import', 'mlflow', 'mlflow.db')
    expect([damaged.status, damaged.stderr]).toEqual([
      2,
      expect.stringContaining('cannot be read as a database of MLflow'),
    ])
    const gone = await inProcess(test).prov('import', 'mlflow', 'nowhere')
    expect([gone.status, gone.stderr]).toEqual([2, expect.stringContaining("there is nothing at 'nowhere'")])
  })
})

describe('git prov import dvclive', () => {
  const folder = (name: string, loss: number) => ({
    [`${name}/metrics.json`]: JSON.stringify({ train: { loss }, step: 1 }),
    [`${name}/params.yaml`]: 'lr: 0.1\n',
    [`${name}/plots/metrics/train/loss.tsv`]: `step\ttrain/loss\n0\t1\n1\t${loss}\n`,
  })

  it('imports each committed version of the folder and the current one; committing it later adds nothing', async () => {
    const test = provRepository()
    const first = test.commit('One', folder('dvclive', 0.5))
    test.write(folder('dvclive', 0.25))
    expect(await inProcess(test).ok('import', 'dvclive')).toBe('prov: 2 runs imported from dvclive\n')
    test.commit('Two')
    expect(await inProcess(test).ok('import', 'dvclive')).toBe(
      'prov: 0 runs imported from dvclive, 2 were here already\n',
    )
    const run = runs(test).find(({ about }) => about?.commit === first)
    expect(run).toMatchObject({
      metrics: { 'train/loss': { value: 0.5, max: 1, steps: 2, source: 'dvclive' } },
      parameters: { dvclive: { values: { lr: 0.1 } } },
      imported: { from: 'dvclive', source: `dvclive at ${first}` },
    })
    await inProcess(test).ok('verify')
  })

  it('imports a folder of another name if it is given', async () => {
    const test = provRepository()
    test.write(folder('logs/live', 0.5))
    expect(await inProcess(test).ok('import', 'dvclive')).toBe('prov: 0 runs imported from dvclive\n')
    expect(await inProcess(test).ok('import', 'dvclive', 'logs/live')).toBe('prov: 1 run imported from dvclive\n')
    expect((await inProcess(test).prov('import', 'dvclive', 'nowhere')).stderr).toContain(
      "there is nothing at 'nowhere'",
    )
  })
})

describe('git prov import datalad', () => {
  const record = (fields: object) =>
    JSON.stringify({ cmd: 'ls', exit: 0, inputs: [], outputs: [], pwd: '.', ...fields }, null, 1)
  const message = (title: string, body: string) =>
    `[DATALAD RUNCMD] ${title}\n\n=== Do not change lines below ===\n${body}\n^^^ Do not change lines above ^^^`
  const key = `MD5E-s7--${'a'.repeat(32)}.csv`
  const target = `../.git/annex/objects/Zz/9k/${key}/${key}`

  it('imports each run commit with what it changed, and makes paths relative to the dataset', async () => {
    const test = provRepository({ 'in/a.csv': 'a\n', 'x.py': 'x' })
    mkdirSync(join(test.path, 'out'))
    symlinkSync(target, join(test.path, 'out/b.csv'))
    test.write({ 'out/c.txt': 'c\n' })
    const cmd = 'python3 /storage/set/x.py --in {inputs}'
    const inputs = ['/storage/set/in/a.csv', 'gone.csv', '*.txt']
    const commit = test.commit(
      message('Make it', record({ cmd, inputs: inputs.slice(0, 2), outputs: ['/storage/set/out'] })),
    )
    test.commit('Something else')
    expect(await inProcess(test).ok('import', 'datalad')).toBe('prov: 1 run imported from datalad\n')
    expect(await inProcess(test).ok('import', 'datalad')).toBe(
      'prov: 0 runs imported from datalad, 1 was here already\n',
    )
    expect(runs(test)[0]).toMatchObject({
      about: { commit },
      intent: 'Make it',
      command: ['python3', 'x.py', '--in', 'in/a.csv', 'gone.csv'],
      outcome: { status: 'ok', exitCode: 0 },
      inputs: [
        { path: 'in/a.csv', state: 'complete', digest: sha256('a\n') },
        { path: 'gone.csv', state: 'missing' },
      ],
      outputs: [
        { path: 'out/b.csv', state: 'complete', change: 'created', bytes: 7, aliases: { md5: 'a'.repeat(32) } },
        { path: 'out/c.txt', state: 'complete', change: 'created', digest: sha256('c\n') },
      ],
    })
  })

  it('reads records kept in a file, and skips damaged ones', async () => {
    const test = provRepository()
    const sidecar = gzipSync(record({ cmd: ['ls', '-l'], exit: 3 }))
    test.commit(message('Packed', '"0a1b"'), { '.datalad/runinfo/0a1b': sidecar })
    test.commit(message('No file', '"ffff"'))
    test.commit(message('Damaged', '{"cmd": '))
    const text = await inProcess(test).ok('import', 'datalad')
    expect(text).toMatch(/^prov: 1 run imported from datalad\n/)
    expect(text).toContain('its record file .datalad/runinfo/ffff is not in the commit')
    expect(text).toContain('its record is damaged')
    expect(runs(test)[0]).toMatchObject({ command: ['ls', '-l'], outcome: { status: 'failed', exitCode: 3 } })
  })

  it('removes home folders from commands and folders', async () => {
    const test = provRepository()
    test.commit(message('Home', record({ cmd: 'python /home/somebody/x.py', pwd: '../../../home/somebody/set' })), {
      b: 'b',
    })
    await inProcess(test).ok('import', 'datalad')
    expect(JSON.stringify(runs(test)[0])).not.toContain('somebody')
    expect(runs(test)[0].workingFolder).toMatch(/^<home:[0-9a-f]{8}>\/set$/)
  })
})
