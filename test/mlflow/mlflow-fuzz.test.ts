import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import type { MlflowResult } from '../../src/mlflow/result.ts'
import { type MlflowServer, startMlflowServer } from '../../src/mlflow/server.ts'
import { temporaryFolder } from '../support/repository.ts'

let server: MlflowServer
const told = () => server.result() as MlflowResult
afterEach(() => server?.stop())

const routes = [
  ...['create', 'update', 'delete', 'search', 'set-tag', 'delete-tag', 'log-metric', 'log-parameter', 'log-batch'].map(
    (word) => ['POST', `runs/${word}`],
  ),
  ...['log-inputs', 'outputs', 'log-model'].map((word) => ['POST', `runs/${word}`]),
  ...['create', 'search', 'update', 'set-experiment-tag', 'delete-experiment-tag'].map((word) => [
    'POST',
    `experiments/${word}`,
  ]),
  ...['logged-models', 'logged-models/search', 'registered-models/create', 'model-versions/create'].map((path) => [
    'POST',
    path,
  ]),
  ...['registered-models/update', 'model-versions/update', 'logged-models/m'].map((path) => ['PATCH', path]),
  ...['runs/get', 'artifacts/list', 'metrics/get-history', 'registered-models/search', 'model-versions/search'].map(
    (path) => ['GET', path],
  ),
] as [string, string][]
const names = [
  'run_id',
  'experiment_id',
  'experiment_ids',
  'key',
  'value',
  'step',
  'timestamp',
  'metrics',
  'params',
  'tags',
]
const more = [
  'name',
  'filter',
  'order_by',
  'max_results',
  'page_token',
  'datasets',
  'models',
  'status',
  'source',
  'path',
  'metric_key',
]

const textsOf = (body: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(body).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
  )

it('no request causes an internal error of the endpoint', async () => {
  const folder = temporaryFolder()
  server = await startMlflowServer({ journal: join(folder, 'j'), artifactRoot: join(folder, 'a') })
  const base = `${server.env.MLFLOW_TRACKING_URI}/api/2.0/mlflow`
  const post = async (path: string, body: unknown) =>
    (await fetch(`${base}/${path}`, { method: 'POST', body: JSON.stringify(body) })).json()
  const { run } = (await post('runs/create', { experiment_id: '0' })) as { run: { info: { run_id: string } } }
  await post('registered-models/create', { name: 'M' })
  const known = fc.constantFrom(
    run.info.run_id,
    '0',
    'M',
    'm',
    '',
    'NaN',
    "name = 'M'",
    "metrics.a > 1 AND tags.`b` LIKE '%x'",
    '__proto__',
    '../..',
  )
  const value = fc.oneof(
    { maxDepth: 3 },
    known,
    fc.jsonValue(),
    fc.array(fc.dictionary(fc.constantFrom('key', 'value', 'dataset', 'model_id'), known)),
  )
  const fields = fc.dictionary(fc.constantFrom(...names, ...more), value)
  const faults: unknown[] = []
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...routes), fields, async ([method, path], body) => {
      const words = method === 'GET' ? `?${new URLSearchParams(textsOf(body))}` : ''
      const answer = await fetch(`${base}/${path}${words}`, {
        method,
        ...(method !== 'GET' && { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (answer.status >= 500) faults.push([method, path, body, text])
      return answer.status < 500 && typeof JSON.parse(text) === 'object'
    }),
    { numRuns: 600 },
  )
  expect(faults).toEqual([])
  expect(told().runs.length).toBeGreaterThan(0)
})
