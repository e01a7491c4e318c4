import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readJournal } from '../../src/mlflow/journal.ts'
import { type MlflowResult, mlflowResult } from '../../src/mlflow/result.ts'
import { type MlflowServer, startMlflowServer } from '../../src/mlflow/server.ts'
import { temporaryFolder } from '../support/repository.ts'

let server: MlflowServer
const told = () => server.result() as MlflowResult
afterEach(() => server?.stop())

async function start() {
  const folder = temporaryFolder()
  const options = { journal: join(folder, 'mlflow.jsonl'), artifactRoot: join(folder, 'artifacts') }
  server = await startMlflowServer(options)
  return { ...options, uri: server.env.MLFLOW_TRACKING_URI }
}

interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into as JSON
  body: any
}

function ask(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parse(text) }))
    })
    call.on('error', reject)
    call.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body))
  })
}

function parse(text: string): Answer['body'] {
  try {
    return JSON.parse(text)
  } catch {
    return { text }
  }
}

/** A call of the API: `POST runs/create`. */
async function api(call: string, fields: Record<string, unknown> = {}): Promise<Answer> {
  const [method = '', path = ''] = call.split(' ')
  const url = `${server.env.MLFLOW_TRACKING_URI}/api/2.0/mlflow/${path}`
  if (method !== 'GET') return ask(method, url, fields)
  return ask(method, `${url}?${new URLSearchParams(fields as Record<string, string>)}`)
}

const created = async (fields: object = {}) =>
  (await api('POST runs/create', { experiment_id: '0', ...fields })).body.run

describe('runs', () => {
  it('metrics, parameters and tags end up in the result and in the journal', async () => {
    const { journal, artifactRoot } = await start()
    const { info } = await created({ run_name: 'one' })
    const run_id = info.run_id
    expect(info).toMatchObject({ run_name: 'one', status: 'RUNNING', lifecycle_stage: 'active' })
    await api('POST runs/log-metric', { run_id, key: 'f1', value: 0.5, step: '1', timestamp: '1764000000000' })
    await api('POST runs/log-metric', { run_id, key: 'f1', value: 'NaN', step: 2, timestamp: 1764000001000 })
    await api('POST runs/log-batch', {
      run_id,
      metrics: [{ key: 'loss', value: '-Infinity', timestamp: 1, step: 0 }],
      params: [
        { key: 'lr', value: '0.01' },
        { key: 'flag', value: 'True' },
        { key: 'none', value: 'None' },
        { key: 'id', value: '007' },
      ],
      tags: [
        { key: 'team', value: 'a' },
        { key: 'mlflow.user', value: 'mei' },
        { key: 'gone', value: 'x' },
      ],
    })
    await api('POST runs/delete-tag', { run_id, key: 'gone' })
    await api('POST runs/update', { run_id, status: 'FINISHED', end_time: 5 })
    const { metrics, parameters, tags, runs, problems } = told()
    expect([...metrics]).toEqual([
      [
        'f1',
        {
          source: 'mlflow',
          points: [
            { value: 0.5, step: 1, time: 1764000000000 },
            { value: Number.NaN, step: 2, time: 1764000001000 },
          ],
        },
      ],
      ['loss', { source: 'mlflow', points: [{ value: Number.NEGATIVE_INFINITY, step: 0, time: 1 }] }],
    ])
    expect(Object.fromEntries(parameters.get('mlflow') ?? [])).toEqual({ lr: 0.01, flag: true, none: null, id: '007' })
    expect([...tags]).toEqual([['team', 'a']])
    expect([runs, problems]).toEqual([[{ name: 'one', status: 'FINISHED' }], []])
    appendFileSync(journal, '{"op":"metric","run":"')
    expect(mlflowResult(readJournal(journal), artifactRoot)).toEqual(told())
    expect(statSync(journal).mode & 0o777).toBe(0o600)
  })
  it('an answer has the last value by step, then time; the history has all', async () => {
    await start()
    const { info } = await created()
    for (const [value, step] of [
      [1, 5],
      [2, 3],
      [3, 5],
    ])
      await api('POST runs/log-metric', { run_id: info.run_id, key: 'm', value, step, timestamp: 7 })
    const got = (await api('GET runs/get', { run_id: info.run_id })).body
    expect(got.run.data.metrics).toEqual([{ key: 'm', value: 3, step: 5, timestamp: 7 }])
    const history = (await api('GET metrics/get-history', { run_id: info.run_id, metric_key: 'm', max_results: '2' }))
      .body
    expect(history.metrics.map(({ value }: { value: number }) => value)).toEqual([1, 2])
    const rest = await api('GET metrics/get-history', {
      run_id: info.run_id,
      metric_key: 'm',
      page_token: history.next_page_token,
    })
    expect(rest.body.metrics).toMatchObject([{ value: 3 }])
    const bulk = await api('GET metrics/get-history-bulk-interval', {
      run_ids: info.run_id,
      metric_key: 'm',
      start_step: '4',
    })
    expect(bulk.body.metrics).toMatchObject([{ value: 1, run_id: info.run_id }, { value: 3 }])
  })
  it('a search over children keeps their names apart', async () => {
    await start()
    const parent = await created({ run_name: 'search' })
    const tags = [{ key: 'mlflow.parentRunId', value: parent.info.run_id }]
    const children = [
      await created({ run_name: 'try', tags }),
      await created({ run_name: 'try', tags }),
      await created({ tags }),
    ]
    for (const [index, { info }] of [parent, ...children].entries())
      await api('POST runs/log-metric', { run_id: info.run_id, key: 'f1', value: index })
    const { metrics, runs } = told()
    expect([...metrics.keys()]).toEqual(['f1', 'try/f1', 'try-2/f1', 'run-4/f1'])
    expect(runs[1]).toEqual({ name: 'try', status: 'RUNNING', parent: 'search' })
  })
  it('sibling runs all have prefixed names; deleted ones are left out', async () => {
    await start()
    const all = [await created({ run_name: 'a' }), await created({ run_name: 'b' }), await created({ run_name: 'c' })]
    for (const { info } of all) await api('POST runs/log-metric', { run_id: info.run_id, key: 'f1', value: 1 })
    await api('POST runs/delete', { run_id: all[2].info.run_id })
    expect([...told().metrics.keys()]).toEqual(['a/f1', 'b/f1'])
  })
  it('can be searched and sorted', async () => {
    await start()
    for (const [name, value] of [
      ['a', 0.1],
      ['b', 0.3],
      ['c%', 0.2],
    ] as const) {
      const { info } = await created({ run_name: name, tags: [{ key: 'team', value: name }] })
      await api('POST runs/log-batch', {
        run_id: info.run_id,
        metrics: [{ key: 'val loss', value }],
        params: [{ key: 'lr', value: name }],
      })
    }
    await created({ run_name: 'bare' })
    const find = async (filter: string, order_by: string[] = []) => {
      const { status, body } = await api('POST runs/search', { experiment_ids: ['0'], filter, order_by })
      return status === 200 ? body.runs.map(({ info }: { info: { run_name: string } }) => info.run_name) : body.message
    }
    expect(await find('')).toEqual(['bare', 'c%', 'b', 'a'])
    expect(await find('metrics.`val loss` > 0.15', ['metrics.`val loss` ASC'])).toEqual(['c%', 'b'])
    expect(await find("tags.team = 'a' and params.lr != 'b'")).toEqual(['a'])
    expect(await find("params.lr IN ('a', 'b')", ['params.lr DESC'])).toEqual(['b', 'a'])
    expect(await find("attributes.run_name LIKE 'c%'")).toEqual(['c%'])
    expect(await find("run_name ILIKE '_A%' AND status = 'RUNNING'")).toEqual(['bare'])
    expect(await find('params.lr IS NULL')).toEqual(['bare'])
    expect(await find('', ['metrics.`val loss` DESC'])).toEqual(['b', 'c%', 'a', 'bare'])
    expect(await find('metrics.x >')).toMatch(/no value|Invalid filter/)
    expect(await find('drop table')).toMatch(/Invalid filter string/)
  })
})

describe('models, datasets, artifacts', () => {
  it('what MLflow 3 logs is in the result; artifact paths are stable by name', async () => {
    const { artifactRoot } = await start()
    const { info } = await created({ run_name: 'a b/../c' })
    expect(info.artifact_uri).toBe(`file://${artifactRoot}/runs/a-b-..-c`)
    const { model } = (await api('POST logged-models', { experiment_id: '0', name: 'clf', source_run_id: info.run_id }))
      .body
    const id = model.info.model_id
    await api(`PATCH logged-models/${id}`, { status: 'LOGGED_MODEL_READY' })
    await api(`PATCH logged-models/${id}/tags`, { tags: [{ key: 'k', value: 'v' }] })
    await api('POST runs/outputs', { run_id: info.run_id, models: [{ model_id: id, step: 0 }] })
    writeFileSync(join(artifactRoot, 'models/clf/MLmodel'), 'flavors: {}')
    await api('POST runs/log-inputs', {
      run_id: info.run_id,
      datasets: [
        {
          dataset: { name: 'train', digest: 'abc', source_type: 'local', source: '{"uri": "data/train.csv"}' },
          tags: [{ key: 'mlflow.data.context', value: 'training' }],
        },
        { dataset: { name: 'made', digest: 'def', source_type: 'code', source: '{"tags": {"mlflow.user": "mei"}}' } },
      ],
    })
    await api('POST registered-models/create', { name: 'M' })
    await api('POST model-versions/create', { name: 'M', source: `models:/${id}`, run_id: info.run_id })
    await api('POST registered-models/alias', { name: 'M', alias: 'best', version: '1' })
    expect((await api('GET registered-models/alias', { name: 'M', alias: 'best' })).body).toMatchObject({
      model_version: { version: '1' },
    })
    expect((await api('GET model-versions/get-download-uri', { name: 'M', version: '1' })).body).toEqual({
      artifact_uri: `file://${artifactRoot}/models/clf`,
    })
    expect((await api(`GET logged-models/${id}`)).body).toMatchObject({
      model: { info: { status: 'LOGGED_MODEL_READY', tags: [{ key: 'k', value: 'v' }] } },
    })
    const result = told()
    expect(result.models).toEqual([{ name: 'clf', status: 'LOGGED_MODEL_READY', path: `${artifactRoot}/models/clf` }])
    expect(result.outputs).toEqual([`${artifactRoot}/models/clf`])
    expect(result.inputs).toEqual(['data/train.csv'])
    expect([...result.tags]).toEqual([
      ['dataset.train', 'abc (training)'],
      ['dataset.made', 'def'],
    ])
    expect(JSON.stringify(result)).not.toContain('mei')
    expect(result.registered).toEqual([{ name: 'M', version: '1', source: `models:/${id}` }])
  })
  it('an existing folder is never shared; an empty one is removed', async () => {
    const { artifactRoot } = await start()
    mkdirSync(join(artifactRoot, 'runs/one'), { recursive: true })
    writeFileSync(join(artifactRoot, 'runs/one/old.txt'), '')
    const uris = [await created({ run_name: 'one' }), await created({ run_name: 'one' }), await created()].map(
      ({ info }) => info.artifact_uri.slice(`file://${artifactRoot}/`.length),
    )
    expect(uris).toEqual(['runs/one-2', 'runs/one-3', 'runs/run-3'])
    writeFileSync(join(artifactRoot, 'runs/one-3/new.txt'), '')
    expect(told().outputs).toEqual([`${artifactRoot}/runs/one-3`])
    await server.stop()
    expect(readdirSync(join(artifactRoot, 'runs')).sort()).toEqual(['one', 'one-3'])
  })
  it('experiments', async () => {
    await start()
    expect((await api('GET experiments/get-by-name', { experiment_name: 'x' })).body.error_code).toBe(
      'RESOURCE_DOES_NOT_EXIST',
    )
    const id = (await api('POST experiments/create', { name: 'x' })).body.experiment_id
    expect((await api('POST experiments/create', { name: 'x' })).body.error_code).toBe('RESOURCE_ALREADY_EXISTS')
    expect((await api('GET experiments/get-by-name', { experiment_name: 'x' })).body).toMatchObject({
      experiment: { experiment_id: id },
    })
    const found = (await api('POST experiments/search', { filter: "name = 'x'" })).body
    expect(found.experiments.map(({ name }: { name: string }) => name)).toEqual(['x'])
  })
})

describe('bad requests', () => {
  it.each([
    ['POST runs/log-metric', { run_id: 'none', key: 'a', value: 1 }, 404, "Run 'none' not found"],
    ['POST runs/log-metric', { key: 'a', value: 1 }, 400, "Missing value for required parameter 'run_uuid'"],
    ['POST runs/log-metric', { run_id: '@', value: 1 }, 400, "Missing value for required parameter 'key'"],
    ['POST runs/log-metric', { run_id: '@', key: 'a' }, 400, "Parameter 'value' must be a number"],
    ['POST runs/log-metric', { run_id: '@', key: 'a', value: 'x' }, 400, "Parameter 'value' must be a number"],
    [
      'POST runs/log-metric',
      { run_id: '@', key: 'a', value: 1, step: 1.5 },
      400,
      "Parameter 'step' must be an integer",
    ],
    ['POST runs/log-metric', { run_id: '@', key: { a: 1 }, value: 1 }, 400, "Parameter 'key' must be a string"],
    [
      'POST runs/log-metric',
      { run_id: '@', key: 'k'.repeat(600), value: 1 },
      400,
      "Parameter 'key' is longer than 512",
    ],
    ['POST runs/log-batch', { run_id: '@', metrics: 'x' }, 400, "Parameter 'metrics' must be a list of objects"],
    ['POST runs/update', { run_id: '@', status: 'DONE' }, 400, 'status must be one of'],
    ['POST runs/search', { experiment_ids: ['0'], max_results: 1e9 }, 400, 'max_results must be between'],
    ['GET runs/get', { run_id: '__proto__' }, 404, "Run '__proto__' not found"],
    ['GET artifacts/list', { run_id: '@', path: '../..' }, 400, 'Invalid path'],
    ['POST __proto__', {}, 404, 'git-prov does not serve'],
    ['GET runs/create', {}, 404, 'git-prov does not serve'],
    ['GET logged-models/%zz', {}, 400, 'the path is not well-formed'],
  ])('%s %j is %i: %s', async (call, fields, status, message) => {
    await start()
    const { info } = await created()
    const answer = await api(call, JSON.parse(JSON.stringify(fields).replace('"@"', JSON.stringify(info.run_id))))
    expect(answer.status).toBe(status)
    expect(answer.body.message).toContain(message)
    expect((await api('GET runs/get', { run_id: info.run_id })).status).toBe(200)
  })
  it('a body that is not a JSON object, or is too long, is refused with a message', async () => {
    const { uri } = await start()
    const url = `${uri}/api/2.0/mlflow/runs/create`
    for (const body of ['{', '[1]', '"x"', 'null', '\u0000'])
      expect((await ask('POST', url, body)).body).toMatchObject({ error_code: 'BAD_REQUEST' })
    const long = await ask('POST', url, `{"run_name": "${'x'.repeat(65 << 20)}"}`).catch((error) => error.code)
    expect(['ECONNRESET', 'EPIPE', 400]).toContain(long.status ?? long)
    expect((await ask('POST', url, '{}')).status).toBe(200)
  })
  it('a parameter cannot be changed', async () => {
    await start()
    const { info } = await created()
    const set = (value: string) => api('POST runs/log-parameter', { run_id: info.run_id, key: 'lr', value })
    expect([(await set('1')).status, (await set('1')).status]).toEqual([200, 200])
    expect((await set('2')).body.message).toContain("was already logged with value='1'")
  })
})

describe('other users of the machine', () => {
  it('requests without the token, with another host name, or from a web page are refused and change nothing', async () => {
    const { uri, journal } = await start()
    const { origin, pathname } = new URL(uri)
    const call = '/api/2.0/mlflow/runs/create'
    const guess = `/${'A'.repeat(pathname.length - 1)}`
    const answers = [
      await ask('POST', `${origin}${call}`, {}),
      await ask('POST', `${origin}${guess}${call}`, {}),
      await ask('POST', `${uri}${call}`, {}, { host: 'evil.example' }),
      await ask('POST', `${uri}${call}`, {}, { origin: 'https://evil.example' }),
    ]
    for (const { status, body } of answers) expect([status, body.error_code]).toEqual([403, 'PERMISSION_DENIED'])
    expect(server.result()).toBeUndefined()
    expect(readFileSync(journal, 'utf8')).toBe('')
    expect((await ask('GET', `${uri}/health`)).status).toBe(200)
    expect(server.result()).toBeDefined()
  })
  it('listens on the loopback address only', async () => {
    const { uri } = await start()
    expect(new URL(uri).hostname).toBe('127.0.0.1')
  })
})

it('a port in use is reported, with what to do', async () => {
  const other = createServer()
  const port = await new Promise<number>((resolve) => {
    other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port))
  })
  const folder = temporaryFolder()
  const failing = startMlflowServer({ journal: join(folder, 'j'), artifactRoot: folder, port })
  await expect(failing).rejects.toMatchObject({
    code: 'io',
    message: `port ${port} is taken`,
    hint: 'give another port, or none',
  })
  other.close()
})

it('a journal that cannot be created is reported before the command starts', async () => {
  const folder = temporaryFolder()
  appendFileSync(join(folder, 'file'), '')
  const failing = startMlflowServer({ journal: join(folder, 'file/j'), artifactRoot: folder })
  await expect(failing).rejects.toMatchObject({ code: 'io' })
  expect(existsSync(join(folder, 'file/j'))).toBe(false)
})
