import { execFileSync, spawn } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cli, withProvenance } from '../commands.js'
import { entry, git, loadKit, repository, work } from '../fixtures.js'
import { env, has, median, node, roundRobin } from '../measure.js'

const nothing = (cwd) => ({ program: 'true', args: [], cwd })

/** What each tool adds to a no-op command in a small repository. */
function added() {
  const cwd = withProvenance('run', 50)
  const times = roundRobin({ node, plain: nothing(cwd), ours: cli(cwd, 'run', '-q', '--', 'true') }, 15)
  const value = (times.ours - times.plain) / times.node
  const what = 'git prov run -- true, minus true'
  return [{ what, value, limit: 4, unit: 'N' }, datalad(cwd), dvc(cwd)]
}

function datalad(ours) {
  const what = 'git prov run, against datalad run, of one command that writes a file'
  if (!has('datalad')) return { what, note: 'not installed: apt-get install git-annex, pip install datalad' }
  const cwd = join(work, 'datalad-run')
  execFileSync('datalad', ['create', '-c', 'text2git', cwd], { env, stdio: 'ignore' })
  const command = ['sh', '-c', 'date +%N > out']
  const times = roundRobin(
    {
      ours: cli(ours, 'run', '-q', '-o', 'out', '--', ...command),
      theirs: { program: 'datalad', args: ['run', '-o', 'out', ...command], cwd },
    },
    5,
  )
  return { what, value: times.ours / times.theirs, limit: 0.15, unit: 'x' }
}

function dvc(ours) {
  const what = 'git prov run, against dvc exp run, of one command that writes a file'
  if (!has('dvc')) return { what, note: 'not installed: pip install dvc' }
  const cwd = repository('dvc-run', 50)
  execFileSync('dvc', ['init', '--quiet'], { cwd, env, stdio: 'ignore' })
  writeFileSync(
    join(cwd, 'dvc.yaml'),
    'stages:\n  s:\n    cmd: date +%N > out\n    always_changed: true\n    outs: [out]\n',
  )
  git(cwd, 'add', '--all')
  git(cwd, 'commit', '--quiet', '-m', 'dvc')
  const times = roundRobin(
    {
      ours: cli(ours, 'run', '-q', '-o', 'out', '--', 'sh', '-c', 'date +%N > out'),
      theirs: { program: 'dvc', args: ['exp', 'run', '--quiet'], cwd },
    },
    5,
  )
  return { what, value: times.ours / times.theirs, limit: 0.2, unit: 'x' }
}

const seconds = 3
const writers = 32

/** Seconds until all commands have ended. */
async function timeConcurrently(cwd, wordsOf) {
  const start = process.hrtime.bigint()
  const ended = Array.from({ length: writers }, (_, n) => {
    const [program, ...args] = wordsOf(n)
    const child = spawn(program, args, { cwd, env, stdio: 'ignore' })
    return new Promise((resolve) => child.on('exit', resolve))
  })
  const statuses = await Promise.all(ended)
  if (statuses.some((status) => status !== 0)) throw new Error(`a run failed: ${statuses}`)
  return Number(process.hrtime.bigint() - start) / 1e9
}

/** Commands that mostly wait, like training on an accelerator, while our work runs alongside. */
async function parallel() {
  const cwd = withProvenance('parallel', 50)
  mkdirSync(join(cwd, 'out'))
  const command = (n) => ['sh', '-c', `sleep ${seconds}; echo ${n} > out/${n}`]
  const plain = await timeConcurrently(cwd, command)
  for (let n = 0; n < writers; n++) rmSync(join(cwd, 'out', String(n)))
  const ours = await timeConcurrently(cwd, (n) => [
    process.execPath,
    entry,
    'run',
    '-q',
    '-o',
    `out/${n}`,
    '--',
    ...command(n),
  ])
  execFileSync(process.execPath, [entry, 'capture', '--quiet'], { cwd, env })
  const paths = git(cwd, 'ls-tree', '-r', '--name-only', 'prov', 'records/run/').split('\n')
  const records = paths.map((path) => JSON.parse(git(cwd, 'show', `prov:${path}`)))
  const own = records.filter(({ phase, outputs, command: words }) => {
    const made = words[2].match(/out\/\d+$/)?.[0]
    return phase === 'finished' && outputs.length === 1 && outputs[0].path === made && outputs[0].change === 'created'
  })
  return [
    {
      what: `of ${writers} runs at once, those not recorded with their own output alone`,
      value: writers - own.length,
      limit: 0,
    },
    {
      what: `${writers} runs at once of ${seconds} s each, against the same commands without us`,
      value: ours / plain,
      limit: 1.5,
      unit: 'x',
    },
  ]
}

/** A tree of 100,000 tracked files, with 100 changed and 100 new. */
async function snapshot() {
  const kit = await loadKit()
  const cwd = repository('snapshot', 100_000)
  git(cwd, 'status')
  for (let n = 0; n < 100; n++) {
    writeFileSync(join(cwd, `data/train/${String(n % 20).padStart(2, '0')}/${n}.csv`), `changed ${n}\n`)
    writeFileSync(join(cwd, `new-${n}.txt`), `new ${n}\n`)
  }
  const located = kit.locateRepository(cwd, env)
  const index = join(cwd, '.git/copied-index')
  const copied = { ...env, GIT_INDEX_FILE: index }
  const [oid, tree] = git(cwd, 'rev-parse', 'HEAD', 'HEAD^{tree}').split('\n')
  const head = { oid, tree, seconds: 0 }
  const theirs = () => {
    const start = process.hrtime.bigint()
    copyFileSync(join(cwd, '.git/index'), index)
    execFileSync('git', ['add', '--all'], { cwd, env: copied })
    return Number(process.hrtime.bigint() - start) / 1e9
  }
  const ours = async () => {
    const start = process.hrtime.bigint()
    const [status, flagged] = await Promise.all([
      kit.readChanges(located),
      kit.readFlaggedFiles(located, join(cwd, '.git/prov/cache')),
    ])
    if (!(await kit.takeSnapshot({ repository: located, head, changes: status.changes, flagged })))
      throw new Error('no snapshot was taken')
    return Number(process.hrtime.bigint() - start) / 1e9
  }
  const times = { ours: [], theirs: [] }
  for (let round = -1; round < 5; round++) {
    const [a, b] = [await ours(), theirs()]
    if (round >= 0) {
      times.ours.push(a)
      times.theirs.push(b)
    }
  }
  rmSync(index)
  const what = 'snapshot of a dirty tree of 100,000 files, against git add -A into a copied index'
  return { what, value: median(times.ours) / median(times.theirs), limit: 1.5, unit: 'x' }
}

export async function run() {
  return [...added(), ...(await parallel()), await snapshot()]
}
