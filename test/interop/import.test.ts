import { readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { gitRepository, provRepository, type TestRepository } from '../support/repository.ts'

// What the real DVC, DataLad and MLflow wrote; what we make of it is what they list themselves.

const tools = resolve(import.meta.dirname, '../../.ci/tools/venv/bin')

function equipped(test: TestRepository): TestRepository {
  Object.assign(test.env, {
    PATH: `${tools}${delimiter}${test.env.PATH}`,
    DVC_NO_ANALYTICS: '1',
    MLFLOW_DISABLE_TELEMETRY: 'true',
    MLFLOW_ALLOW_FILE_STORE: 'true',
  })
  return test
}

function must(test: TestRepository, program: string, ...words: string[]): string {
  const result = test.run(join(tools, program), words)
  if (result.status !== 0) throw new Error(`${program} ${words.join(' ')}: ${result.stderr}${result.stdout}`)
  return result.stdout
}

const runs = (test: TestRepository) =>
  test.branch('records/run/').map((path) => JSON.parse(test.git('show', `prov:${path}`)))

interface Row {
  rev: string
  params: Record<string, { data: object }>
  metrics: Record<string, { data: object }>
  deps: Record<string, { hash: string }>
  outs: Record<string, { hash: string }>
}

/** The rows of `dvc exp show --json`, however deep they lie in it. */
function rowsOf(value: unknown): Row[] {
  if (Array.isArray(value)) return value.flatMap(rowsOf)
  if (typeof value !== 'object' || value === null) return []
  const { data, ...rest } = value as { data?: Row }
  const own = data && typeof data === 'object' && 'metrics' in data ? [data] : []
  return [...own, ...Object.values(rest).flatMap(rowsOf)]
}

it('DVC: runs of stages, foreach and all, are what dvc exp show lists', () => {
  const test = equipped(
    gitRepository({
      'train.py':
        "import json, sys, yaml\np = yaml.safe_load(open('params.yaml'))\njson.dump({'f1': p['lr'] * 2}, open(f'metrics-{sys.argv[1]}.json', 'w'))\nopen(f'model-{sys.argv[1]}', 'w').write(str(p['lr']))\n",
      'params.yaml': 'lr: 0.1\nseed: 7\n',
      'dvc.yaml': [
        'stages:',
        '  train:',
        '    foreach: [a, b]',
        '    do:',
        '      cmd: python train.py $' + '{item}',
        '      deps: [train.py]',
        '      params: [lr]',
        '      outs: ["model-$' + '{item}"]',
        '      metrics:',
        '      - "metrics-$' + '{item}.json": {cache: false}',
        '',
      ].join('\n'),
    }),
  )
  must(test, 'dvc', 'init', '--quiet')
  must(test, 'dvc', 'repro', '--quiet')
  test.commit('One')
  writeFileSync(join(test.path, 'params.yaml'), 'lr: 0.2\nseed: 7\n')
  must(test, 'dvc', 'repro', '--quiet')
  test.commit('Two')
  const rows = new Map(
    rowsOf(JSON.parse(must(test, 'dvc', 'exp', 'show', '--json', '--all-commits'))).map((row) => [row.rev, row]),
  )
  test.ok('init', '--yes')
  expect(test.ok('import', 'dvc')).toBe('prov: 4 runs imported from dvc\n')
  for (const run of runs(test)) {
    const row = rows.get(run.about.commit) as Row
    const name = run.stage.replace('train@', '')
    expect(run.parameters['params.yaml'].values).toEqual(row.params['params.yaml']?.data)
    const source = `metrics-${name}.json`
    const figures = Object.fromEntries(
      Object.entries(run.metrics).map(([key, metric]) => [key, (metric as { value: number }).value]),
    )
    expect(figures).toEqual(row.metrics[source]?.data)
    for (const file of [...run.inputs, ...run.outputs.filter(({ path }: { path: string }) => path !== source)])
      expect(file.aliases.md5).toBe((row.deps[file.path] ?? row.outs[file.path])?.hash)
  }
})

it('DataLad: run and rerun, a record in a file of its own, placeholders and annexed outputs', () => {
  const test = equipped(gitRepository())
  must(test, 'datalad', '-l', 'error', 'create', '--force', '.')
  test.write({ 'in.txt': 'hello\n' })
  must(test, 'datalad', '-l', 'error', 'save', '-m', 'Input')
  must(
    test,
    'datalad',
    '-l',
    'error',
    'run',
    '-m',
    'Shout',
    '-i',
    'in.txt',
    '-o',
    'out.txt',
    'tr a-z A-Z < {inputs} > {outputs}',
  )
  must(
    test,
    'datalad',
    '-l',
    'error',
    'run',
    '-m',
    'Packed',
    '--sidecar',
    'yes',
    '-o',
    'two.txt',
    'echo two > {outputs}',
  )
  test.git('config', 'annex.dotfiles', 'false')
  test.ok('init', '--yes', '--no-hooks')
  expect(test.ok('import', 'datalad')).toBe('prov: 2 runs imported from datalad\n')
  const all = runs(test)
  expect(all.find(({ intent }) => intent === 'Shout')).toMatchObject({
    command: ['sh', '-c', 'tr a-z A-Z < in.txt > out.txt'],
    outcome: { status: 'ok', exitCode: 0 },
    inputs: [{ path: 'in.txt', state: 'complete' }],
    outputs: [
      { path: 'out.txt', state: 'complete', change: 'created', bytes: 6, aliases: { md5: expect.any(String) } },
    ],
  })
  expect(all.find(({ intent }) => intent === 'Packed')?.command).toEqual(['sh', '-c', 'echo two > two.txt'])
  test.run('chmod', ['-R', 'u+w', '.git/annex'])
})

it('MLflow: folders and tables that its client wrote are the same runs', () => {
  const script = `
import mlflow, sys
mlflow.set_tracking_uri(sys.argv[1])
mlflow.set_experiment('digits')
with mlflow.start_run(run_name='first') as run:
    mlflow.log_param('opt/lr', 0.1)
    for step in range(3):
        mlflow.log_metric('val/f1', 0.5 + step / 10, step=step)
    mlflow.log_metric('loss', float('nan'))
try:
    with mlflow.start_run():
        raise ValueError()
except ValueError:
    pass
`
  for (const uri of ['file:./mlruns', 'sqlite:///mlflow.db']) {
    const test = equipped(provRepository())
    test.write({ 'log.py': script })
    const wrote = test.run(join(tools, 'python'), ['log.py', uri])
    expect(wrote.status, wrote.stderr).toBe(0)
    expect(test.ok('import', 'mlflow')).toBe('prov: 2 runs imported from mlflow\n')
    const all = runs(test)
    expect(all.find(({ name }) => name === 'first')).toMatchObject({
      outcome: { status: 'ok' },
      parameters: { mlflow: { values: { 'opt/lr': 0.1 } } },
      metrics: { 'val/f1': { value: 0.7, steps: 3 }, loss: { value: 'NaN' } },
      tags: { 'mlflow.experiment': 'digits' },
    })
    expect(all.map(({ outcome }) => outcome.status).sort()).toEqual(['failed', 'ok'])
    expect(readFileSync(join(test.path, 'log.py'), 'utf8')).toBe(script)
  }
})
