import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { collectMetrics } from '../../src/collect/metrics.ts'
import type { MlflowResult } from '../../src/mlflow/result.ts'
import { startMlflowServer } from '../../src/mlflow/server.ts'
import type { MetricSet } from '../../src/records/metrics/set.ts'
import { entry, provRepository, temporaryFolder } from '../support/repository.ts'
import { finishedRuns } from '../support/run-records.ts'

// The real clients write; what we read is what they, or their own readers, say.

const python = resolve(import.meta.dirname, '../../.ci/tools/venv/bin/python')
const client = (name: string) => join(import.meta.dirname, 'clients', name)
const environment = { PATH: process.env.PATH, MLFLOW_DISABLE_TELEMETRY: 'true', DVC_NO_ANALYTICS: '1' }

/** Not waiting in a blocking call: the endpoint runs in this process. */
function run(
  script: string,
  words: string[],
  env: Record<string, string> = {},
  cwd = temporaryFolder(),
): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(python, [client(script), ...words], { cwd, env: { ...environment, HOME: cwd, ...env } })
    const output = { stdout: '', stderr: '' }
    child.stdout.on('data', (text) => {
      output.stdout += text
    })
    child.stderr.on('data', (text) => {
      output.stderr += text
    })
    child.on('close', (code) => (code === 0 ? done(output.stdout) : fail(new Error(`${script}: ${output.stderr}`))))
  })
}

/** As Python's repr writes a float that is not finite. */
const repr = (value: number) =>
  Number.isNaN(value)
    ? 'nan'
    : value === Number.POSITIVE_INFINITY
      ? 'inf'
      : value === Number.NEGATIVE_INFINITY
        ? '-inf'
        : value

/** Name to [step, value]. */
function pointsOf({ metrics }: MetricSet, prefix = ''): Record<string, unknown[]> {
  return Object.fromEntries(
    [...metrics].flatMap(([name, { points }]) =>
      name.startsWith(prefix)
        ? [[name.slice(prefix.length), points.map(({ step, value }) => [step, repr(value)])] as const]
        : [],
    ),
  )
}

/** The oracle's texts as numbers, nan and inf as texts. */
const numbers = (points: [number, string][]) =>
  points.map(([step, text]) => [step, /nan|inf/.test(text) ? text : Number(text)])

async function serve() {
  const folder = temporaryFolder()
  const artifactRoot = join(folder, 'artifacts')
  return { server: await startMlflowServer({ journal: join(folder, 'mlflow.jsonl'), artifactRoot }), artifactRoot }
}

type Told = Record<
  string,
  { metrics: Record<string, [number, string][]>; params: Record<string, string>; status: string; artifacts: string[] }
>

it("an unchanged script with MLflow autologging and a parameter search: as in MLflow's own store", async () => {
  const folder = temporaryFolder()
  const told = async (name: string, env: Record<string, string>): Promise<Told> => {
    await run('sklearn_autolog.py', [], { ORACLE: join(folder, name), ...env })
    return JSON.parse(readFileSync(join(folder, name), 'utf8')) as Told
  }
  const { server, artifactRoot } = await serve()
  const ours = await told('ours', server.env)
  const result = server.result() as MlflowResult
  await server.stop()
  const theirs = await told('theirs', {
    MLFLOW_TRACKING_URI: `file://${folder}/mlruns`,
    MLFLOW_ALLOW_FILE_STORE: 'true',
  })

  // What the client hears from us is what it hears from MLflow's own store, but for times.
  const untimed = (all: Told) =>
    Object.fromEntries(
      Object.entries(all).map(([run, { metrics, ...rest }]) => [
        run,
        {
          ...rest,
          metrics: Object.fromEntries(
            Object.entries(metrics)
              .filter(([name]) => !name.includes('time'))
              .sort(),
          ),
        },
      ]),
    )
  const strip = (all: Told) =>
    JSON.parse(JSON.stringify(untimed(all), (key, value) => (key === 'latest' ? undefined : value)))
  expect(Object.keys(ours)).toHaveLength(3)
  expect(strip(ours)).toEqual(strip(theirs))

  // And what is recorded is what it told.
  const parent = ours['?'] ?? Object.entries(ours).find(([name]) => !name.includes('child'))?.[1]
  const expected = Object.entries(parent?.metrics ?? {}).map(([name, points]) => [name, numbers(points)])
  expect(pointsOf(result)).toMatchObject(Object.fromEntries(expected))
  expect(result.runs.map(({ parent, status }) => [parent, status])).toEqual([
    [undefined, 'FINISHED'],
    ['tuned', 'FINISHED'],
    ['tuned', 'FINISHED'],
  ])
  expect(result.parameters.get('mlflow')?.get('best_C')).toBe(Number(parent?.params.best_C))
  expect(result.tags.get('team')).toBe('vision')
  expect(result.outputs.map((path) => relative(artifactRoot, path))).toEqual(
    expect.arrayContaining(['runs/tuned', 'models/best_estimator']),
  )
  expect(result.models).toEqual(expect.arrayContaining([expect.objectContaining({ status: 'LOGGED_MODEL_READY' })]))
  expect(result.datasets[0]).toMatchObject({ context: 'train' })
  expect(result.problems).toEqual([])
})

it("MLflow's registry: register, alias, load", async () => {
  const { server } = await serve()
  await run('registry.py', [], server.env)
  expect(server.result()?.registered).toMatchObject([{ name: 'Line', version: '1' }])
  await server.stop()
})

it("event files of tensorboardX and of TensorBoard's own writer: as TensorBoard reads them", async () => {
  const root = temporaryFolder()
  await run('write_tensorboard.py', [join(root, 'runs')])
  const oracle = JSON.parse(await run('read_tensorboard.py', [join(root, 'runs')])) as Record<
    string,
    Record<string, [number, string][]>
  >
  const set = await collectMetrics({ root, declared: [], since: 0 })
  const expected = Object.entries(oracle).flatMap(([folder, tags]) =>
    Object.entries(tags).map(([tag, points]) => [`${folder}/${tag}`, numbers(points)]),
  )
  expect(expected.length).toBeGreaterThan(9)
  expect(pointsOf(set)).toEqual(Object.fromEntries(expected))
  expect(Object.fromEntries(set.parameters.get('tensorboard') ?? [])).toEqual({
    'torch/search/lr': 0.01,
    'torch/search/layers': 3,
    'torch/search/model': 'cnn',
    'torch/search/bias': true,
  })
  expect(set.problems).toEqual([])
})

it('dvclive, in its own folder and in another', async () => {
  const root = temporaryFolder()
  await run('write_dvclive.py', [root])
  for (const folder of ['dvclive', 'elsewhere']) {
    const found = await collectMetrics({ root, declared: [], since: 0 })
    const changed = found.files.map(({ path }) => path).filter((path) => path.startsWith(`${folder}/`))
    const set = await collectMetrics({ root, declared: [], since: 0, changed })
    expect(pointsOf(set)).toEqual({
      'train/loss': [0, 1, 2, 3, 4].map((step) => [step, 1 / (step + 1)]),
      accuracy: [0, 1, 2, 3, 4].map((step) => [step, step / 5]),
      'test/f1': [[undefined, 0.75]],
    })
    expect(set.metrics.get('train/loss')?.points[0]?.time).toBeGreaterThan(1.7e12)
    expect(Object.fromEntries(set.parameters.get('dvclive') ?? [])).toEqual({
      lr: 0.01,
      'model.depth': 3,
      'model.name': 'cnn',
    })
    expect(set.problems).toEqual([])
  }
})

it('a git prov run that is killed loses no value that the MLflow client had logged', async () => {
  const test = provRepository()
  const env = { ...test.env, ...environment }
  const words = [entry, 'run', '--', python, client('log_forever.py')]
  const child = spawn(process.execPath, words, { cwd: test.path, env, stdio: ['ignore', 'pipe', 'ignore'] })
  const printed: number[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed.push(...text.split('\n').filter(Boolean).map(Number))
    if (printed.length > 20) child.kill('SIGKILL')
  })
  await new Promise((gone) => child.on('exit', gone))
  // The script is left to itself: it cannot log any more.
  const [script = 0, ...steps] = printed
  process.kill(script, 'SIGKILL')
  test.ok('run', '-q', '--', 'true')
  const lost = finishedRuns(test).find(({ outcome }) => outcome?.status === 'lost')
  expect(lost?.metrics?.loss).toMatchObject({ source: 'mlflow', max: 1 })
  expect(lost?.metrics?.loss?.steps).toBeGreaterThanOrEqual(steps.length)
  expect(lost?.parameters.mlflow).toEqual({ values: { lr: 0.01 } })
})

it('an unchanged script with autologging, replayed: the model is the same, in the second folder of its name too', () => {
  const test = provRepository({ 'fit.py': readFileSync(client('sklearn_forest.py')), '.gitignore': 'mlartifacts\n' })
  Object.assign(test.env, { MLFLOW_DISABLE_TELEMETRY: 'true' })
  for (const folder of ['model', 'model-2']) {
    test.prov('run', '-q', '--', python, 'fit.py')
    const run = finishedRuns(test).find(({ outputs }) => outputs?.some(({ path }) => path.endsWith(`/${folder}`)))
    expect(run?.metrics?.training_f1_score).toMatchObject({ source: 'mlflow' })
    expect(run?.seeds).toEqual({ random_state: 1 })
  }
  const { id } = JSON.parse(test.ok('runs', '-n', '1', '--json')) as { id: string }
  expect(test.ok('replay', id, '--yes')).toMatch(
    /^prov: replay of \w+ {2}identical\n(.*\n)* {2}mlartifacts\/models\/model-2 {2}the same but for MLmodel\n/,
  )
})
