import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { git } from './fixtures.js'
import { env } from './measure.js'
import { numbers } from './numbers.js'

const digest = (number) => number.toString(16).padStart(8, '0').repeat(8)
const data = (content) => `data ${Buffer.byteLength(content)}\n${content}\n`

/** The data of run `n`, the same for both tools: eight parameters, four metrics. */
export function runOf(n, next) {
  return {
    status: n % 17 === 0 ? 'failed' : 'ok',
    started: 1_764_000_000_000 + n * 300_000,
    params: {
      lr: Number(next().toFixed(4)),
      batch: 2 ** Math.floor(next() * 8),
      loss: next() < 0.5 ? 'ce' : 'focal',
      dropout: Number(next().toFixed(2)),
      depth: 1 + Math.floor(next() * 24),
      width: 64 * (1 + Math.floor(next() * 8)),
      optimizer: next() < 0.8 ? 'adam' : 'sgd',
      epochs: 20,
    },
    metrics: {
      f1: Number(next().toFixed(4)),
      auc: Number(next().toFixed(4)),
      loss: Number(next().toFixed(4)),
      seconds: 40 + next() * 9,
    },
  }
}

function recordOf(kit, n, { status, started, params, metrics }) {
  const moment = new Date(started)
  const part = (value) => value.toString(16).padStart(4, '0')
  const curve = Array.from({ length: 20 }, (_, step) => Number((metrics.f1 * (1 - 1 / (step + 2))).toPrecision(4)))
  const series = { steps: 20, min: 0, max: 1, curve }
  const fields = {
    kind: 'run',
    phase: 'finished',
    agent: { name: 'Bench', email: 'bench@example.org' },
    about: {
      commit: digest(Math.floor(n / 20)).slice(0, 40),
      tree: digest(1).slice(0, 40),
      parents: [],
      branch: 'main',
    },
    runId: `0193${part(n >>> 16)}-${part(n & 0xffff)}-7000-8000-000000000000`,
    command: ['python', 'train.py', '--lr', String(params.lr)],
    workingFolder: '.',
    stage: ['prepare', 'train', 'evaluate'][n % 3],
    intent: `try number ${n}`,
    environment: { digest: digest(Math.floor(n / 1000)), host: digest(1), software: digest(Math.floor(n / 1000)) },
    inputs: [
      {
        path: 'data/train',
        dataset: 'train',
        digest: digest(n >> 9),
        files: 1000,
        bytes: 1e6,
        state: 'complete',
        declared: 'config',
      },
      {
        path: 'train.py',
        digest: digest(1e6 + Math.floor(n / 20)),
        bytes: 1000,
        state: 'complete',
        declared: 'option',
      },
    ],
    outputs: [
      {
        path: 'model.pkl',
        digest: digest(2e6 + n),
        bytes: 1e6,
        state: 'complete',
        declared: 'option',
        change: 'modified',
      },
    ],
    parameters: { 'params.yaml': { digest: digest(2), values: params } },
    started: moment.toISOString(),
    ended: new Date(started + 42_000).toISOString(),
    outcome: { status, exitCode: status === 'ok' ? 0 : 1 },
    usage: { wallSeconds: 42, userSeconds: 40, systemSeconds: 1, maxResidentBytes: 1e9 },
    metrics: Object.fromEntries(
      Object.entries(metrics).map(([name, value]) => [
        name,
        { value, source: 'metrics.json', ...(name !== 'seconds' && series) },
      ]),
    ),
  }
  return kit.buildRecord(fields, new Date(started + 42_000))
}

/** Appends `count` runs to the branch in one commit. */
export async function addRuns(kit, cwd, count) {
  const child = spawn('git', ['fast-import', '--quiet', '--force', '--date-format=raw'], {
    cwd,
    env,
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const write = async (text) => {
    if (!child.stdin.write(text)) await once(child.stdin, 'drain')
  }
  const ident = 'Bench <bench@example.org> 1795000000 +0000'
  const tip = git(cwd, 'rev-parse', 'prov')
  await write(`commit refs/heads/prov\nauthor ${ident}\ncommitter ${ident}\n${data('runs')}from ${tip}\n`)
  const next = numbers(7)
  for (let n = 0; n < count; n++) {
    const { record, id, text } = recordOf(kit, n, runOf(n, next))
    await write(`M 100644 inline ${kit.recordPath('run', record.time, id)}\n${data(text)}`)
  }
  child.stdin.end('\n')
  await once(child, 'close')
}
