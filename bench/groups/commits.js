import { spawnSync } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { commit, plainCommit, script, withProvenance } from '../commands.js'
import { addCaptures, git, loadKit } from '../fixtures.js'
import { cpuTime, env, node, peakMebibytes, roundRobin, time } from '../measure.js'

const rounds = 15

/** What the hook adds to a commit, in units of one start of node. */
const added = (times, name) => (times[name] - times[`${name} plain`]) / times.node
const both = (name, cwd) => ({ [name]: commit(cwd), [`${name} plain`]: plainCommit(cwd) })

/** The same in CPU time, over all cores. */
function addedCpu(cwd) {
  const hooked = () => cpuTime(commit(cwd))
  const cpu = roundRobin({ node: () => cpuTime(node), hooked, plain: plainCommit(cwd, cpuTime) }, rounds)
  return (cpu.hooked - cpu.plain) / cpu.node
}

/** Untracked data, as most data is. */
function untracked(name) {
  const cwd = withProvenance(name)
  appendFileSync(join(cwd, '.gitignore'), 'data/\n')
  git(cwd, 'rm', '-rq', '--cached', 'data')
  git(cwd, 'add', '.gitignore')
  git(cwd, 'commit', '--quiet', '-m', 'data is not tracked')
  return cwd
}

async function atManyCaptures() {
  const cwd = withProvenance('large')
  addCaptures(await loadKit(), cwd, 100_000, 1000)
  git(cwd, 'gc', '--quiet')
  return cwd
}

/** 500 MB of incompressible data in one pack. */
function withBigPack() {
  const cwd = withProvenance('heavy')
  const blob = 'head -c 500000000 /dev/urandom | git -c core.compression=0 hash-object -w --stdin'
  const oid = spawnSync('sh', ['-c', blob], { cwd, env, encoding: 'utf8' }).stdout.trim()
  git(cwd, 'tag', 'big', oid)
  git(cwd, '-c', 'pack.compression=0', 'repack', '-adq')
  return cwd
}

export async function commits() {
  const small = withProvenance('small')
  const disk = untracked('disk')
  const large = await atManyCaptures()
  const heavy = withBigPack()
  for (const cwd of [disk, large, heavy]) time(script(cwd, 'sleep 0.1; git commit --quiet --allow-empty -m warm'))
  const times = roundRobin(
    {
      node,
      ...both('small', small),
      ...both('disk', disk),
      ...both('large', large),
      ...both('heavy', heavy),
    },
    rounds,
  )
  const base = added(times, 'small')
  const memory = (cwd, where) => {
    const value = peakMebibytes(commit(cwd))
    const what = `  peak memory ${where}`
    return value ? { what, value, limit: 80, unit: 'MiB' } : { what, note: 'not installed: apt-get install time' }
  }
  const hook = { limit: 2.5, aim: 2, unit: 'N' }
  return [
    { what: 'commit with hook minus plain, 1,000 tracked files (N = node -e 0)', value: base, ...hook },
    { what: '  in CPU time, over all cores', value: addedCpu(small), unit: 'N' },
    { what: '  the same with 1,000 files on disk only', value: added(times, 'disk'), ...hook },
    {
      what: '  at 100,000 captures, against the small repository',
      value: added(times, 'large') / base,
      limit: 1.2,
      unit: 'x',
    },
    {
      what: '  beside a 500 MB pack, against the small repository',
      value: added(times, 'heavy') / base,
      limit: 1.2,
      unit: 'x',
    },
    memory(large, 'at 100,000 captures'),
    memory(heavy, 'beside a 500 MB pack'),
  ]
}
