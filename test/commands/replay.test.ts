import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { entry, gitRepository, type TestRepository, temporaryFolder } from '../support/repository.ts'

const script = `
const fs = require('fs')
const { bias } = require('maths')
const rows = fs.readFileSync('data/train.csv', 'utf8').trim().split('\\n').length
fs.writeFileSync('model.json', JSON.stringify({ bias, rows }))
`
const package_ = (version: string) => ({
  'node_modules/maths/package.json': JSON.stringify({ name: 'maths', version, main: 'index.js' }),
  'node_modules/maths/index.js': `exports.bias = '${version}'`,
  'node_modules/.package-lock.json': JSON.stringify({ packages: { 'node_modules/maths': { version } } }),
})

/** A project with an ignored package and ignored data, and a run in it. */
function trained(...options: string[]): { test: TestRepository; id: string } {
  const test = gitRepository({
    'train.js': script,
    'package.json': '{}',
    'prov.yaml': 'version: 1\n',
    '.gitignore': 'node_modules\ndata\nmodel.json\n',
    'data/train.csv': '1\n2\n3\n',
    ...package_('1.0.0'),
  })
  test.ok('init', '--yes')
  test.commit('One')
  return { test, id: runIn(test, ...options) }
}

function runIn(test: TestRepository, ...options: string[]): string {
  const words = options.length > 0 ? options : ['-i', 'data/train.csv', '-o', 'model.json', '--', 'node', 'train.js']
  const result = test.prov('run', ...words)
  const id = /prov: run (\w+)/.exec(result.stderr)?.[1]
  if (!id) throw new Error(`no run: ${result.stderr}`)
  return id
}

// What MLflow's client does for a model: MLmodel says when it was made and where it lies.
const loggedToMlflow = `
const fs = require('fs')
const call = async (path, body) => {
  const url = process.env.MLFLOW_TRACKING_URI + '/api/2.0/mlflow/' + path
  return (await fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } })).json()
}
const main = async () => {
  const { run } = await call('runs/create', { experiment_id: '0', run_name: 'fit', start_time: 1 })
  const folder = new URL(run.info.artifact_uri)
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(new URL(folder + '/MLmodel'), 'run_id: ' + run.info.run_id)
  fs.writeFileSync(new URL(folder + '/model.pkl'), process.argv[2] === 'unseeded' ? String(Math.random()) : 'weights')
  await call('runs/log-metric', { run_id: run.info.run_id, key: 'f1', value: 0.5, timestamp: 1, step: 0 })
  await call('runs/update', { run_id: run.info.run_id, status: 'FINISHED', end_time: 2 })
}
main()
`

const replays = (test: TestRepository) =>
  test.branch('records/replay/').map((path) => JSON.parse(test.git('show', `prov:${path}`)))
const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('git-prov-replay-'))

describe('git prov replay', () => {
  it('recognises an identical run; the verdict is a record that log shows', () => {
    const { test, id } = trained()
    const { status, stdout } = test.prov('replay', id, '--yes')
    expect(stdout).toBe(`prov: replay of ${id}  identical\n  outputs  1 the same\n`)
    expect(status).toBe(0)
    expect(replays(test)).toMatchObject([
      { verdict: 'identical', isolation: 'worktree', outputs: [{ same: true }], causes: [] },
    ])
    expect(test.ok('log', '-1')).toContain('replayed, identical')
    test.ok('verify')
    expect(test.git('worktree', 'list').split('\n')).toHaveLength(1)
  })

  it('recognises a model that MLflow wrote again, even into a second folder, without what MLflow says of itself', () => {
    const test = gitRepository({ 'fit.js': loggedToMlflow, 'prov.yaml': 'version: 1\n', '.gitignore': 'mlartifacts\n' })
    test.ok('init', '--yes')
    test.commit('One')
    for (const folder of ['fit', 'fit-2']) {
      const id = runIn(test, '--', 'node', 'fit.js')
      expect(test.ok('replay', id, '--yes').replace(/ {2,}/g, '  ')).toBe(
        `prov: replay of ${id}  identical\n  f1  0.5  recorded 0.5\n  mlartifacts/runs/${folder}  the same but for MLmodel\n  outputs  1 the same\n`,
      )
    }
    const unseeded = runIn(test, '--', 'node', 'fit.js', 'unseeded')
    const { status, stdout } = test.prov('replay', unseeded, '--yes')
    expect([status, stdout]).toEqual([
      1,
      expect.stringMatching(/different\n.*\n {2}mlartifacts\/runs\/fit-3 {2}differs \(/),
    ])
    expect(
      replays(test)
        .map(({ outputs }) => outputs[0].except)
        .sort(),
    ).toEqual([['MLmodel'], ['MLmodel'], undefined])
    test.ok('verify')
  })

  it('recognises a run broken by a changed package, and names the package first', () => {
    const { test, id } = trained()
    test.write(package_('1.0.1'))
    const { status, stdout } = test.prov('replay', id, '--yes')
    expect(stdout).toMatch(
      /different\n {2}model\.json {2}differs \(sha-256 \w{6} vs \w{6}\)\n {2}likely {6}1 maths 1\.0\.0 -> 1\.0\.1/,
    )
    expect(status).toBe(1)
    expect(replays(test)[0]).toMatchObject({
      verdict: 'different',
      differences: [{ part: 'node', name: 'maths', before: '1.0.0', after: '1.0.1' }],
    })
  })

  it('recognises a run within the tolerance from an option or prov.yaml', () => {
    const test = gitRepository({
      'package.json': '{}',
      'prov.yaml': 'version: 1\nmetrics: [out/metrics.json]\n',
      '.gitignore': 'node_modules\n',
      'train.js': `
        const { bias } = require('maths')
        require('fs').mkdirSync('out', { recursive: true })
        require('fs').writeFileSync('out/metrics.json', JSON.stringify({ f1: 0.83 + bias.length / 10000, loss: 0.1 }))`,
      ...package_('1.0.0'),
    })
    test.ok('init', '--yes')
    test.commit('One')
    const id = runIn(test, '-o', 'out/metrics.json', '--', 'node', 'train.js')
    test.commit('The metrics, too')
    test.write(package_('1.0.0-b'))
    const strict = test.prov('replay', id, '--yes')
    expect(strict.stdout).toMatch(
      /different\n {2}f1 +0\.8307 {2}recorded 0\.8305 {2}differs\n {2}loss +0\.1 {2}recorded 0\.1\n/,
    )
    expect(strict.status).toBe(1)
    const { status, stdout } = test.prov('replay', id, '--yes', '--tolerance', 'f1=0.001')
    expect(stdout).toMatch(/within tolerance\n {2}f1 +0\.8307 {2}recorded 0\.8305 {2}\(tolerance 0\.001\)\n/)
    expect(stdout).toMatch(/out\/metrics\.json {2}differs .*\n {2}likely +1 maths 1\.0\.0 -> 1\.0\.0-b/)
    expect(status).toBe(0)
    test.write({ 'prov.yaml': 'version: 1\nmetrics: [out/metrics.json]\nreplay:\n  tolerance:\n    f1: 0.001\n' })
    test.commit('Say how near is near')
    const stated = runIn(test, '-o', 'out/metrics.json', '--', 'node', 'train.js')
    test.write(package_('1.0.0'))
    expect(test.prov('replay', stated, '--yes').stdout).toContain('within tolerance')
  })

  it('reports changed data before it starts anything', () => {
    const { test, id } = trained()
    test.write({ 'data/train.csv': '1\n2\n' })
    const { status, stdout } = test.prov('replay', id, '--yes')
    expect(stdout).toMatch(
      /could not run\n {2}input data\/train\.csv: it has changed since\n {2}likely {2}1 data\/train\.csv \w{6} -> \w{6}/,
    )
    expect(status).toBe(2)
    expect(replays(test)[0]).toMatchObject({ verdict: 'could-not-run', causes: [{ kind: 'data' }, { kind: 'seed' }] })
    // In the work tree as it is, it runs on the data there is.
    const inPlace = test.prov('replay', id, '--yes', '--in-place')
    expect(inPlace.stdout).toMatch(/different\n.*model\.json.*\n.*likely .*1 data\/train\.csv/)
    expect(inPlace.status).toBe(1)
  })

  it('takes uncommitted work from the snapshot and code from the commit, whatever the work tree has now', () => {
    const { test } = trained()
    test.write({ 'train.js': `${script}fs.appendFileSync('model.json', 'dirty')\n` })
    const id = runIn(test)
    test.write({ 'train.js': 'process.exit(9)\n' })
    expect(test.prov('replay', id, '--yes').stdout).toContain('identical')
    expect(readFileSync(join(test.path, 'train.js'), 'utf8')).toBe('process.exit(9)\n')
  })

  it('gives could-not-run for a command that fails now', () => {
    const { test, id } = trained()
    rmSync(join(test.path, 'node_modules'), { recursive: true })
    const { status, stdout } = test.prov('replay', id, '--yes')
    expect(stdout).toMatch(
      /could not run\n {2}it ended with exit status 1; the recorded run ended with exit status 0\n {2}likely {2}1 maths 1\.0\.0 removed/,
    )
    expect(status).toBe(2)
  })

  it('runs nothing without a terminal or --yes; --report shows what it would do', () => {
    const { test, id } = trained()
    const silent = test.prov('replay', id)
    expect(silent.status).toBe(2)
    expect(silent.stderr).toContain('nothing was run; add --yes')
    const report = test.prov('replay', id, '--report')
    expect(report.status).toBe(0)
    expect(report.stdout.replace(/[0-9a-f]{10}/, '<commit>').replace(/ {2}[0-9a-f]{6} {2}/, '  <digest>  ')).toBe(
      `prov: replay of ${id}\n  code     <commit>\n  inputs   data/train.csv  <digest>  from the work tree\n  env      as recorded\n  compares 1 output, 0 metrics\n  command  node train.js\n`,
    )
    expect(JSON.parse(test.ok('replay', id, '--report', '--json'))).toMatchObject({
      ready: true,
      words: ['node', 'train.js'],
    })
    expect(replays(test)).toEqual([])
  })

  it('a script does the same with git alone', () => {
    const { test, id } = trained(
      '-i',
      'data/train.csv',
      '-o',
      'model.json',
      '--',
      'node',
      '-e',
      `${script}\n// it's $HOME "quoted"`,
    )
    const file = join(temporaryFolder(), 'replay.sh')
    writeFileSync(file, test.ok('replay', id, '--script'))
    expect(test.run('sh', [file])).toMatchObject({ status: 0, stdout: 'same     model.json\n' })
    test.write(package_('1.0.1'))
    expect(test.run('sh', [file])).toMatchObject({ status: 1, stdout: 'differs  model.json\n' })
    expect(test.git('worktree', 'list').split('\n')).toHaveLength(1)
  })

  it('--since replays a chain in order, each run from the outputs of the one before', () => {
    const { test } = trained()
    const copy =
      "const fs = require('fs'); fs.writeFileSync(process.argv[2], fs.readFileSync(process.argv[1], 'utf8') + '+')"
    const first = runIn(
      test,
      '-i',
      'data/train.csv',
      '-o',
      'data/a',
      '--',
      'node',
      '-e',
      copy,
      'data/train.csv',
      'data/a',
    )
    runIn(test, '-o', 'data/other', '--', 'node', '-e', "require('fs').writeFileSync('data/other', 'x')")
    const last = runIn(test, '-i', 'data/a', '-o', 'data/b', '--', 'node', '-e', copy, 'data/a', 'data/b')
    rmSync(join(test.path, 'data/a'))
    const { status, stdout } = test.prov('replay', last, '--since', first, '--yes')
    expect(stdout.match(/replay of (\w+) {2}identical/g)).toEqual([
      `replay of ${first}  identical`,
      `replay of ${last}  identical`,
    ])
    expect(status).toBe(0)
    expect(test.prov('replay', first, '--since', last, '--yes')).toMatchObject({ status: 2 })
  })

  it('an unknown or missing run, a bad tolerance and a bad environment are reported', () => {
    const { test, id } = trained()
    expect(test.prov('replay', 'abcdef').stderr).toContain("there is no run 'abcdef' here")
    expect(test.prov('replay').stderr).toContain('replay takes one run')
    expect(test.prov('replay', id, '--tolerance', 'f1=much').stderr).toContain(
      '--tolerance f1=much is not <metric>=<number>',
    )
    expect(test.prov('replay', id, '--env', 'new').stderr).toContain("--env takes current or recreate, not 'new'")
  })

  it('a missing snapshot is reported', () => {
    const { test } = trained()
    test.write({ 'train.js': `${script}// dirty\n` })
    const id = runIn(test)
    const snapshot = JSON.parse(test.ok('show', id, '--json')).snapshot
    test.git('update-ref', '-d', `refs/prov/snapshots/${snapshot.commit}`)
    test.git('-c', 'gc.reflogExpire=now', 'gc', '--quiet', '--prune=now')
    const { status, stderr } = test.prov('replay', id, '--yes')
    expect([status, stderr]).toEqual([2, expect.stringContaining('the snapshot of uncommitted work is not here')])
  })

  it('never writes outside its folder, whatever the code or a record points to', () => {
    const { test } = trained()
    const outside = temporaryFolder()
    symlinkSync(outside, join(test.path, 'elsewhere'))
    test.git('add', 'elsewhere')
    test.git('commit', '--quiet', '-m', 'A link that leads out')
    writeFileSync(join(outside, 'in.txt'), 'in\n')
    const id = runIn(test, '-i', 'elsewhere/in.txt', '-o', 'model.json', '--', 'node', 'train.js')
    rmSync(join(outside, 'in.txt'))
    const { stdout } = test.prov('replay', id, '--yes')
    expect(stdout).toContain('it lies outside the work tree')
    expect(readdirSync(outside)).toEqual([])
  })

  it('leaves and records nothing when interrupted', async () => {
    const { test } = trained()
    const id = runIn(
      test,
      '--',
      'node',
      '-e',
      "require('fs').existsSync(process.env.STOP ?? 'x') && setInterval(() => {}, 1000)",
    )
    const ready = join(temporaryFolder(), 'stop')
    writeFileSync(ready, '')
    const before = leftovers().length
    const child = spawn(process.execPath, [entry, 'replay', id, '--yes'], {
      cwd: test.path,
      env: { ...test.env, STOP: ready },
    })
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    while (leftovers().length === before || !childOf(child.pid)) await new Promise((resolve) => setTimeout(resolve, 50))
    child.kill('SIGTERM')
    expect(await ended).toBe(130)
    expect(replays(test)).toEqual([])
    expect(test.git('worktree', 'list').split('\n')).toHaveLength(1)
  })

  it('leaves work that doctor cleans up when killed', async () => {
    const { test } = trained()
    const id = runIn(test, '--', 'node', '-e', 'process.env.STOP && setInterval(() => {}, 1000)')
    const child = spawn(process.execPath, [entry, 'replay', id, '--yes'], {
      cwd: test.path,
      env: { ...test.env, STOP: '1' },
    })
    const ended = new Promise<void>((resolve) => child.on('close', () => resolve()))
    let command = 0
    while (command === 0) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      command = childOf(child.pid)
    }
    child.kill('SIGKILL')
    process.kill(command, 'SIGKILL')
    await ended
    const base = test.git('worktree', 'list').split('\n')[1]?.split(' ')[0] as string
    expect(existsSync(base)).toBe(true)
    expect(test.prov('doctor').stdout).toContain('was left by a replay that was killed')
    test.prov('doctor', '--fix')
    expect(existsSync(base)).toBe(false)
    expect(test.git('worktree', 'list').split('\n')).toHaveLength(1)
  })
})

/** The command a replay has started, by its process id; 0 while there is none. */
function childOf(pid: number | undefined): number {
  for (const name of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1')
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
      if (parent === pid && readFileSync(`/proc/${name}/cmdline`, 'latin1').includes('setInterval')) return Number(name)
    } catch {
      // it has just ended
    }
  }
  return 0
}
