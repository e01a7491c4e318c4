import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { hookEntry, provRepository, type TestRepository } from '../support/repository.ts'

const calls = 'openat,write,pwrite64,fsync,rename,renameat2,link,linkat,unlink,mkdir,ftruncate'

const trace = (test: TestRepository) => join(test.path, '../trace')

/** Runs a command under strace with something injected into its n-th call of a kind. */
function inject(test: TestRepository, what: string, command: readonly string[]) {
  return spawnSync(
    'strace',
    ['-f', '-qq', '-o', trace(test), '-e', `trace=${calls}`, '-e', `inject=${what}`, ...command],
    { cwd: test.path, env: test.env, encoding: 'utf8', timeout: 90_000, killSignal: 'SIGKILL' },
  )
}

/** What must hold after any fault: the repository whole, nothing acknowledged lost, and the next command goes on. */
function expectWhole(test: TestRepository, acknowledged: readonly string[]): void {
  for (const lock of ['refs/heads/prov.lock', 'refs/notes/prov.lock'])
    rmSync(join(test.path, '.git', lock), { force: true })
  test.ok('capture')
  const captured = new Set(
    test
      .git('ls-tree', '-r', '--name-only', 'refs/notes/prov')
      .split('\n')
      .map((path) => path.replaceAll('/', '')),
  )
  expect(acknowledged.filter((commit) => !captured.has(commit))).toEqual([])
  expect(test.run('git', ['fsck', '--strict', '--no-dangling']).stderr.replace(/notice:.*\n/g, '')).toBe('')
}

const said = (text: string) => [...text.matchAll(/^prov: ([0-9a-f]{7}) {2}env/gm)].map((match) => match[1] as string)

describe('a process killed at any point', () => {
  it('of an append: 400 kills at successive system calls', () => {
    const test = provRepository()
    const acknowledged: string[] = []
    let kills = 0
    for (let at = 1; kills < 400 && at < 900; at++) {
      test.git('-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '--allow-empty', '-m', `${at}`)
      // Each process of the append counts its own calls; the cycle is longer than any of them lives.
      const result = inject(test, `${calls}:signal=KILL:when=${1 + (at % 70)}`, [
        process.execPath,
        hookEntry,
        'post-commit',
      ])
      if (/killed by SIGKILL/.test(readFileSync(trace(test), 'utf8'))) kills += 1
      for (const short of said(result.stderr)) acknowledged.push(test.git('rev-parse', short))
      if (at % 50 === 0) expectWhole(test, acknowledged)
    }
    expectWhole(test, acknowledged)
    expect(kills).toBe(400)
    test.ok('verify')
  })

  it('of rebuilding the notes: 60 kills, and it is rebuilt the same', () => {
    const test = provRepository()
    for (let n = 0; n < 5; n++) test.commit(`${n}`)
    const tree = test.git('rev-parse', 'refs/notes/prov^{tree}')
    for (let n = 1; n <= 60; n++) {
      test.git('update-ref', '-d', 'refs/notes/prov')
      inject(test, `${calls}:signal=KILL:when=${n * 4}`, [
        process.execPath,
        join(hookEntry, '../git-prov.js'),
        'notes',
        'rebuild',
      ])
      rmSync(join(test.path, '.git/refs/notes/prov.lock'), { force: true })
    }
    test.ok('notes', 'rebuild')
    expect(test.git('rev-parse', 'refs/notes/prov^{tree}')).toBe(tree)
  })

  it('of a commit at random: 200 kills, every commit git made is captured in the end', async () => {
    const test = provRepository()
    let seed = 1
    const random = () => {
      seed = (seed * 48271) % 2147483647
      return seed / 2147483647
    }
    for (let n = 0; n < 200; n++) {
      const child = spawn('git', ['commit', '--quiet', '--allow-empty', '-m', `${n}`], {
        cwd: test.path,
        env: test.env,
        detached: true,
        stdio: 'ignore',
      })
      const ended = new Promise((resolve) => child.on('close', resolve))
      await new Promise((resolve) => setTimeout(resolve, random() * 80))
      try {
        process.kill(-(child.pid as number), 'SIGKILL')
      } catch {
        // it was done already
      }
      await ended
      for (const lock of [
        'HEAD.lock',
        'index.lock',
        'refs/heads/main.lock',
        'refs/heads/prov.lock',
        'refs/notes/prov.lock',
      ])
        rmSync(join(test.path, '.git', lock), { force: true })
    }
    test.commit('last')
    expectWhole(test, test.git('rev-list', 'HEAD').split('\n'))
    test.ok('verify')
  })
})

describe('a file system that refuses', () => {
  it('300 injected ENOSPC and EIO: the hook says so, the commit stands, and the next one goes on', () => {
    const test = provRepository()
    let failed = 0
    for (let n = 0; n < 300; n++) {
      test.git('-c', 'core.hooksPath=/dev/null', 'commit', '--quiet', '--allow-empty', '-m', `${n}`)
      const error = n % 2 ? 'ENOSPC' : 'EIO'
      // Not write: it would break the pipes node wakes itself with, which no full disk does.
      const call = ['openat', 'fsync', 'rename', 'linkat'][n % 4] as string
      const when = `${call === 'openat' ? 60 + Math.floor(n / 2) : 1 + (Math.floor(n / 4) % 4)}${n % 3 ? '' : '+'}`
      const result = inject(test, `${call === 'linkat' ? 'link,linkat' : call}:error=${error}:when=${when}`, [
        process.execPath,
        hookEntry,
        'post-commit',
      ])
      if (result.status !== 0 || /not captured|cannot/.test(result.stderr)) failed += 1
    }
    expect(failed).toBeGreaterThan(20)
    expectWhole(test, [])
    for (const commit of test.git('rev-list', 'HEAD').split('\n'))
      expect(test.captures(commit).length).toBeGreaterThan(0)
  })
})
