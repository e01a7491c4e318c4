import { buildEnvironment } from '../../src/records/environment.ts'
import type { Run } from '../../src/records/record.ts'
import { appendRecords } from './ledger.ts'
import { aReplay } from './many-runs.ts'
import { provRepository, type TestRepository } from './repository.ts'
import { aRun } from './runs.ts'

const digest = (digits: string) => digits.padEnd(64, '0')
const hours = (count: number) => new Date(Date.now() - count * 3_600_000).toISOString()

function experiment(
  number: number,
  hoursAgo: number,
  lr: number,
  loss: string,
  f1: number,
  auc: number,
  extra: Partial<Run> = {},
) {
  const curve = [0.2, 0.35, 0.5, 0.65, 0.75, 0.8, f1]
  return aRun(
    {
      stage: 'train',
      started: hours(hoursAgo),
      command: ['python', 'train.py', '--lr', String(lr)],
      environment: { digest: digest('4c01aa'), host: digest('1'), software: digest('2') },
      parameters: { 'params.yaml': { values: { epochs: 20, loss, lr } } },
      inputs: [
        {
          path: 'data/train',
          dataset: 'train',
          digest: digest('77be02'),
          state: 'complete',
          declared: 'config',
          bytes: 1000,
          files: 3,
        },
      ],
      outputs: [{ path: 'model.pkl', digest: digest(`a${number}`), state: 'complete', declared: 'option', bytes: 10 }],
      usage: { wallSeconds: 43 - number },
      metrics: {
        f1: { value: f1, direction: 'maximize', source: 'metrics.json', min: 0.2, max: f1, steps: 20, curve },
        auc: { value: auc, direction: 'maximize', source: 'metrics.json' },
      },
      ...extra,
    },
    number,
  )
}

/** TERMINAL.md's own example: three runs that differ in learning rate and loss, one the baseline, one replayed. */
export async function experiments(): Promise<{ test: TestRepository; ids: [string, string, string] }> {
  const test = provRepository()
  const baseline = experiment(3, 48, 0.01, 'ce', 0.79, 0.899)
  const against = { baseline: { reference: 'main', run: baseline.id, metrics: { f1: 0.79, auc: 0.899 } } }
  const focal = experiment(1, 2, 0.01, 'focal', 0.83, 0.912, { ...against, name: 'focal' })
  const fast = experiment(2, 5, 0.1, 'focal', 0.791, 0.903, against)
  await appendRecords(test, baseline, focal, fast, aReplay(focal.id, 'identical', hours(1)))
  return { test, ids: [focal.id, fast.id, baseline.id] }
}

const builtEnvironment = (numpy: string) =>
  buildEnvironment([
    { half: 'host', name: 'os', result: { platform: 'linux', architecture: 'x64' } },
    {
      half: 'software',
      name: 'python',
      result: { version: '3.11.7', kind: 'venv', packages: { numpy, scipy: '1.14.1' } },
    },
  ])

/** Two runs that differ in a package, in data and in code. */
export async function elsewhere(test: TestRepository): Promise<[string, string]> {
  const [old, now] = [builtEnvironment('2.1.0'), builtEnvironment('2.1.2')]
  const input = (content: string) => [
    {
      path: 'data/train',
      dataset: 'train',
      digest: digest(content),
      state: 'complete' as const,
      declared: 'config' as const,
    },
  ]
  const at = (commit: string) => ({ about: { commit: commit.repeat(40), tree: 'b'.repeat(40), parents: [] } })
  const before = experiment(11, 30, 0.1, 'ce', 0.7, 0.8, {
    environment: old.digests,
    inputs: input('3d1e0a'),
    ...at('1'),
  })
  const after = experiment(12, 3, 0.1, 'ce', 0.75, 0.8, {
    environment: now.digests,
    inputs: input('77be02'),
    ...at('2'),
  })
  await appendRecords(test, before, after, { [old.digests.digest]: old.text, [now.digests.digest]: now.text })
  return [before.id, after.id]
}

/** Ids as the letters they are known by. */
export function named(text: string, ids: readonly string[]): string {
  return ids.reduce((known, id, place) => known.replaceAll(id.slice(0, 6), `run--${'abcde'[place]}`), text)
}
