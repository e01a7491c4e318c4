import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { loadKit, work } from '../fixtures.js'
import { env, has, median } from '../measure.js'

const calls = 200
const script = `
import time, mlflow
with mlflow.start_run():
    for step in range(20):
        mlflow.log_metric("warm", step, step=step)
    start = time.perf_counter()
    for step in range(${calls}):
        mlflow.log_metric("loss", 1 / (step + 1), step=step)
    print("seconds", time.perf_counter() - start)
`

/** Seconds the real client takes for its calls. Asynchronous, because our endpoint runs in this process. */
async function client(python, uri) {
  const variables = { ...env, MLFLOW_TRACKING_URI: uri, MLFLOW_DISABLE_TELEMETRY: 'true' }
  const child = spawn(python, ['-c', script], { env: variables, stdio: ['ignore', 'pipe', 'ignore'] })
  let text = ''
  child.stdout.on('data', (chunk) => {
    text += chunk
  })
  await once(child, 'close')
  return Number(/seconds (\S+)/.exec(text)[1])
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  await new Promise((closed) => server.close(closed))
  return port
}

async function ready(uri) {
  for (let attempt = 0; attempt < 900; attempt++) {
    const answer = await fetch(`${uri}/health`).catch(() => undefined)
    if (answer?.ok) return
    await new Promise((later) => setTimeout(later, 200))
  }
  throw new Error(`mlflow server does not answer at ${uri}`)
}

/** MLflow's own server on SQLite, with one worker: more of them slow each other down on few cores. */
async function startTheirs() {
  const port = await freePort()
  const store = ['--backend-store-uri', `sqlite:///${join(work, 'mlflow.db')}`]
  const words = [
    'server',
    ...store,
    '--artifacts-destination',
    work,
    '--host',
    '127.0.0.1',
    '--port',
    String(port),
    '--workers',
    '1',
  ]
  const server = spawn('mlflow', words, { env, cwd: work, stdio: 'ignore', detached: true })
  const uri = `http://127.0.0.1:${port}`
  const stop = () => process.kill(-server.pid, 'SIGTERM')
  await ready(uri).catch((error) => {
    stop()
    throw error
  })
  return { uri, stop }
}

export async function mlflow() {
  const what = `${calls} log_metric calls of the real MLflow client, against mlflow server on SQLite`
  if (!has('mlflow')) return [{ what, note: 'not installed: pip install mlflow' }]
  const python = join(
    dirname(execFileSync('sh', ['-c', 'command -v mlflow'], { env, encoding: 'utf8' }).trim()),
    'python',
  )
  const { startMlflowServer } = await loadKit()
  const ours = await startMlflowServer({ journal: join(work, 'mlflow.jsonl'), artifactRoot: join(work, 'artifacts') })
  const theirs = await startTheirs()
  const times = { ours: [], theirs: [] }
  try {
    for (let round = 0; round < 3; round++) {
      times.ours.push(await client(python, ours.env.MLFLOW_TRACKING_URI))
      times.theirs.push(await client(python, theirs.uri))
    }
  } finally {
    theirs.stop()
    await ours.stop()
  }
  const rate = (seconds) => Math.round(calls / median(seconds))
  return [
    {
      what: `${what} (${rate(times.ours)} and ${rate(times.theirs)} a second)`,
      value: median(times.ours) / median(times.theirs),
      limit: 1,
      unit: 'x',
    },
  ]
}
