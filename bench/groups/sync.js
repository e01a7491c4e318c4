import { spawn, spawnSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { cli, unhooked, withProvenance } from '../commands.js'
import { addCaptures, day, entry, firstDay, git, loadKit, prov, work } from '../fixtures.js'
import { simulate } from '../hub.js'
import { env, median, node, roundRobin, time } from '../measure.js'

/** A bare repository with `count` captures on its branch, and the clone they were made in. */
async function hub(name, count) {
  const cwd = withProvenance(`${name}-maker`, 20)
  if (count > 0) addCaptures(await loadKit(), cwd, count, 1000)
  const bare = join(work, `${name}.git`)
  git(cwd, 'clone', '--quiet', '--bare', cwd, bare)
  git(bare, 'gc', '--quiet')
  return bare
}

/** A clone that may send provenance to its origin. */
function connected(bare, name) {
  const cwd = join(work, name)
  git(work, 'clone', '--quiet', bare, cwd)
  prov(cwd, 'init', '--quiet', '--remote', 'origin')
  return cwd
}

const commit = (cwd, message) => git(cwd, 'commit', '--quiet', '--allow-empty', '-m', message)

/** Sixteen clones push one new capture each at the same moment. */
async function sixteen() {
  const bare = await hub('sixteen', 0)
  const clones = Array.from({ length: 16 }, (_, n) => connected(bare, `sixteen-${n}`))
  for (const [n, cwd] of clones.entries()) commit(cwd, `${n}`)
  const start = performance.now()
  await Promise.all(
    clones.map((cwd) => ended(spawn(process.execPath, [entry, 'sync', '--quiet'], { cwd, env, stdio: 'ignore' }))),
  )
  const seconds = (performance.now() - start) / 1000
  const there = new Set(git(bare, 'ls-tree', '-r', '--name-only', 'prov', 'records/capture').split('\n'))
  const own = clones.flatMap((cwd) => JSON.parse(prov(cwd, 'show', 'HEAD', '--json')).id)
  const landed = own.filter((id) => [...there].some((path) => path.includes(id))).length
  return [
    { what: '16 clones sync at once: records not on the hub', value: 16 - landed, limit: 0, unit: 'of 16' },
    { what: '16 clones sync at once, wall', value: seconds, limit: 6, unit: 's' },
  ]
}

const ended = (child) => new Promise((resolve) => child.on('close', resolve))

async function nothingNew() {
  const cwd = connected(await hub('idle', 1000), 'idle')
  prov(cwd, 'sync', '--quiet')
  const fetch = { program: 'git', args: ['fetch', '--quiet'], cwd }
  const times = roundRobin({ node, fetch, sync: cli(cwd, 'sync', '--quiet') }, 15)
  const value = (times.sync - 1.3 * times.fetch) / times.node
  return [{ what: 'sync with nothing new, less 1.3 git fetch with nothing new', value, limit: 2, unit: 'N' }]
}

/** The branch and notes with 100,000 captures, and the same with 1,000 more from another clone. */
async function large() {
  const bare = await hub('large', 100_000)
  const maker = join(work, 'large-maker')
  const plain = () => {
    const target = join(work, 'large-plain')
    rmSync(target, { recursive: true, force: true })
    git(work, 'init', '--quiet', target)
    return time({ program: 'git', args: ['fetch', '--quiet', bare, 'prov'], cwd: target })
  }
  const first = () => {
    const target = join(work, 'large-first')
    rmSync(target, { recursive: true, force: true })
    git(work, 'clone', '--quiet', '--no-local', '--single-branch', bare, target)
    const started = process.hrtime.bigint()
    prov(target, 'init', '--quiet', '--remote', 'origin')
    return Number(process.hrtime.bigint() - started) / 1e9
  }
  const [fetch, sync] = [median([plain(), plain(), plain()]), median([first(), first(), first()])]
  addCaptures(await loadKit(), maker, 1000, 1000, true, firstDay + 100 * day)
  const clone = join(work, 'large-first')
  git(clone, 'fetch', '--quiet', maker, 'prov:refs/remotes/origin/prov')
  const joins = [0, 1, 2, 3, 4].map((n) => {
    const copy = join(work, `large-join-${n}`)
    cpSync(clone, copy, { recursive: true })
    git(copy, ...unhooked, 'commit', '--quiet', '--allow-empty', '-m', 'own')
    prov(copy, 'capture', '--quiet', 'HEAD')
    const seconds = time(joinOnly(copy))
    rmSync(copy, { recursive: true })
    return seconds
  })
  const start = median([0, 1, 2, 3, 4].map(() => time(node)))
  return [
    {
      what: 'first sync of 100,000 records with their notes, less 1.3 git fetch of the branch',
      value: sync - 1.3 * fetch,
      limit: 4,
      unit: 's',
    },
    {
      what: 'join of 1,000 new records at 100,000, less 2 N',
      value: (median(joins) - 2 * start) * 1000,
      limit: 150,
      unit: 'ms',
    },
  ]
}

/** What happens in a pull after git has fetched: the post-merge hook joins and writes the notes. */
const joinOnly = (cwd) => ({ program: process.execPath, args: [join(entry, '../hook.cjs'), 'post-merge'], cwd })

function simulated() {
  const seeds = [1, 2, 3, 4, 5]
  const worst = (way, pick) => Math.max(...seeds.map((seed) => pick(simulate(way, { seed }))))
  return [
    {
      what: 'hub simulated, 1,000 an hour: round trips until the last record is on the branch',
      value: worst('ours', ({ most }) => most),
      limit: 3,
      unit: '',
    },
    {
      what: 'the same: records that never get there',
      value: worst('ours', ({ landed }) => (1 - landed) * 100),
      limit: 0,
      unit: '%',
    },
    {
      what: 'the same: most inboxes at once (a ref a record: 1,000)',
      value: worst('ours', ({ refs }) => refs),
      limit: 50,
      unit: 'refs',
    },
    {
      what: 'one ref with 3 tries, simulated: records that never get there',
      value: worst('one ref, 3 tries', ({ landed }) => (1 - landed) * 100),
      unit: '%',
    },
  ]
}

export async function sync() {
  spawnSync('sync')
  return [...simulated(), ...(await sixteen()), ...(await nothingNew()), ...(await large())]
}
