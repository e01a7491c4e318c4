import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { numbers } from '../../bench/numbers.js'
import { rebuildNotes } from '../../src/ledger/notes/rebuild-notes.ts'
import { joinRemotes } from '../../src/ledger/share/join.ts'
import { recordPath } from '../../src/records/layout.ts'
import { buildRecord, type ProvRecord } from '../../src/records/record.ts'
import { GitServer } from '../support/http-server.ts'
import { pathOf, type Replica, replicas } from '../support/replica.ts'
import { entry, gitRepository, TestRepository, temporaryFolder } from '../support/repository.ts'

const fsck = (test: TestRepository) =>
  test.run('git', ['fsck', '--strict', '--no-dangling']).stderr.replace(/notice:.*\n/g, '')

const refLocks = (test: TestRepository) => {
  for (const ref of ['refs/heads/prov', 'refs/notes/prov', 'refs/remotes/origin/prov'])
    rmSync(join(test.path, '.git', `${ref}.lock`), { force: true })
}

describe('16 clones push 5 times each over smart HTTP', () => {
  it('with 20 kills, 10 stale locks and the server away for 5 s: 80 of 80 there, one tree, nothing broken', async () => {
    const random = numbers(7)
    const server = await GitServer.start()
    const hub = server.create('model')
    const clones = await makeClones(server, 16)
    let kills = 20
    let locks = 10
    const work = clones.map(async (clone, index) => {
      for (let round = 0; round < 5; round++) {
        if (locks > 0 && random() < 0.25) leaveLock(clone, locks--)
        const committed = await clone.start('git', ['commit', '--quiet', '--allow-empty', '-m', `${index} ${round}`])
        expect(committed.status).toBe(0)
        if (kills > 0 && random() < 0.5) {
          kills -= 1
          await killedSync(clone, random() * 1500)
        } else await clone.start(process.execPath, [entry, 'sync', '--wait'])
      }
    })
    const outage = (async () => {
      await new Promise((resolve) => setTimeout(resolve, 8000))
      server.away = true
      await new Promise((resolve) => setTimeout(resolve, 5000))
      server.away = false
    })()
    await Promise.all([...work, outage])
    expect([kills, locks]).toEqual([0, 0])
    await settle(clones)
    const commits = clones.flatMap((clone) => clone.git('rev-list', '--max-count=5', 'HEAD').split('\n'))
    expect(new Set(commits).size).toBe(80)
    const captured = new Set(
      clones[0]
        ?.git('ls-tree', '-r', '--name-only', 'refs/notes/prov')
        .split('\n')
        .map((path) => path.replaceAll('/', '')),
    )
    expect(commits.filter((commit) => !captured.has(commit))).toEqual([])
    const trees = [hub, ...clones].map((test) => test.git('rev-parse', 'prov^{tree}'))
    expect(new Set(trees).size).toBe(1)
    expect(hub.git('for-each-ref', 'refs/prov/inbox/')).toBe('')
    expect([hub, ...clones].map(fsck).join('')).toBe('')
    clones[0]?.ok('verify')
  })

  async function makeClones(server: GitServer, count: number): Promise<TestRepository[]> {
    const first = gitRepository({ 'data/a.csv': 'a\n' })
    first.git('remote', 'add', 'origin', server.url('model'))
    await first.start(process.execPath, [entry, 'init', '--no-remote', '--no-hooks'])
    first.commit('Baseline')
    expect((await first.start('git', ['push', '--quiet', 'origin', 'main'])).status).toBe(0)
    const clones: TestRepository[] = []
    for (let n = 0; n < count; n++) {
      const path = join(temporaryFolder(), 'clone')
      await first.start('git', ['clone', '--quiet', server.url('model'), path])
      const clone = new TestRepository(path, first.env)
      expect((await clone.start(process.execPath, [entry, 'init', '--remote', 'origin'])).status).toBe(0)
      clone.git('config', 'prov.quiet', 'true')
      clones.push(clone)
    }
    return clones
  }

  /** What a killed process leaves: our own locks, which are known to be dead, and git's, which doctor takes away. */
  function leaveLock(clone: TestRepository, n: number): void {
    const dead = JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), start: '1' })
    mkdirSync(join(clone.path, '.git/prov'), { recursive: true })
    if (n % 2) writeFileSync(join(clone.path, '.git/prov', n % 4 === 1 ? 'lock' : 'sync.lock'), dead)
    else {
      writeFileSync(join(clone.path, '.git/refs/remotes/origin/prov.lock'), '')
      refLocks(clone)
    }
  }

  async function killedSync(clone: TestRepository, after: number): Promise<void> {
    const child = spawn(process.execPath, [entry, 'sync'], {
      cwd: clone.path,
      env: clone.env,
      detached: true,
      stdio: 'ignore',
    })
    const ended = new Promise((resolve) => child.on('close', resolve))
    await new Promise((resolve) => setTimeout(resolve, after))
    try {
      process.kill(-(child.pid as number), 'SIGKILL')
    } catch {
      // it was done already
    }
    await ended
    refLocks(clone)
  }

  /** Once all is quiet, one sync each sends what is left and a second one brings it to everybody. */
  async function settle(clones: readonly TestRepository[]): Promise<void> {
    for (let round = 0; round < 2; round++) {
      for (const clone of clones) {
        refLocks(clone)
        const synced = await clone.start(process.execPath, [entry, 'sync'])
        expect(synced.stderr.replace(/^prov: .*\n/gm, '')).toBe('')
      }
    }
  }
})

const calls = 'openat,write,pwrite64,fsync,rename,renameat2,link,linkat,unlink,mkdir,ftruncate'

it('60 kills at successive system calls of sync: nothing acknowledged is lost, the next sync goes on', () => {
  const mei = gitRepository({ 'data/a.csv': 'a\n' })
  mei.git('init', '--quiet', '--bare', '--initial-branch=main', '../hub.git')
  const hub = new TestRepository(join(mei.path, '../hub.git'), mei.env)
  mei.git('remote', 'add', 'origin', hub.path)
  mei.ok('init', '--remote', 'origin')
  mei.git('config', 'prov.sync', 'manual')
  mei.commit('Baseline')
  mei.git('push', '--quiet', 'origin', 'main')
  mei.git('clone', '--quiet', '../hub.git', '../lee')
  const lee = new TestRepository(join(mei.path, '../lee'), mei.env)
  lee.ok('init', '--remote', 'origin')
  lee.git('config', 'prov.sync', 'manual')
  const trace = join(mei.path, '../trace')
  let kills = 0
  for (let at = 0; kills < 60 && at < 200; at++) {
    lee.commit(`lee ${at}`)
    if (at % 3 === 0) lee.ok('sync')
    mei.commit(`mei ${at}`)
    const when = 1 + ((at * 7) % 160)
    mei.run('strace', [
      '-f',
      '-qq',
      '-o',
      trace,
      '-e',
      `trace=${calls}`,
      '-e',
      `inject=${calls}:signal=KILL:when=${when}`,
      process.execPath,
      entry,
      'sync',
    ])
    if (/killed by SIGKILL/.test(readFileSync(trace, 'utf8'))) kills += 1
    refLocks(mei)
    for (const ref of ['refs/heads/prov', 'refs/prov/inbox']) rmSync(join(hub.path, `${ref}.lock`), { force: true })
    if (at % 25 === 0) expectAllThere()
  }
  expectAllThere()
  expect(kills).toBe(60)
  mei.ok('verify')

  function expectAllThere(): void {
    for (const test of [mei, lee, mei]) test.ok('sync')
    expect(mei.git('rev-parse', 'prov^{tree}')).toBe(lee.git('rev-parse', 'prov^{tree}'))
    for (const test of [mei, lee])
      for (const commit of test.git('rev-list', '--max-count=30', 'HEAD').split('\n'))
        expect(mei.captures(commit)).toHaveLength(1)
    expect([mei, lee, hub].map(fsck).join('')).toBe('')
  }
})

it('25 random histories of three real repositories, with archives: one tree whatever the order, nothing lost', async () => {
  const random = numbers(11)
  for (let history = 0; history < 25; history++) {
    const all = await replicas()
    const written = new Set<number>()
    const gone = new Set<number>()
    for (let step = 0; step < 12; step++) {
      const one = all[Math.floor(random() * 3)] as Replica
      const n = Math.floor(random() * 12)
      if (random() < 0.5 && !gone.has(n)) await one.add(n).then(() => written.add(n))
      else if (random() < 0.7) await one.hear(all[Math.floor(random() * 3)] as Replica)
      else if (one.has(pathOf(n))) {
        await letGo(one, n)
        gone.add(n)
      }
    }
    // Every order of hearing the others: b from a then c, c from b then a, a from both.
    for (const [to, from] of [
      [0, 1],
      [1, 2],
      [2, 0],
      [0, 2],
      [1, 0],
      [2, 1],
      [0, 1],
      [1, 2],
      [2, 0],
    ] as const)
      await (all[to] as Replica).hear(all[from] as Replica)
    expect(new Set(all.map((replica) => replica.tree())).size).toBe(1)
    for (const n of written) expect([history, n, all[0].has(pathOf(n))]).toEqual([history, n, !gone.has(n)])
    expect((await joinRemotes(all[0].repository)).length).toBe(0)
  }
})

async function letGo(replica: Replica, n: number): Promise<void> {
  const fields = { kind: 'redaction', agent: { name: 'Mei', email: 'm@example.org' }, removes: [pathOf(n)], files: [] }
  const record = buildRecord(fields as unknown as ProvRecord, new Date(n))
  const path = recordPath('redaction', record.record.time, record.id)
  await replica.write({ files: new Map([[path, Buffer.from(record.text)]]), removed: [pathOf(n)] })
  await rebuildNotes(replica.repository)
}
