import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { entry, provRepository, TestRepository } from '../support/repository.ts'
import { signWith } from '../support/signing.ts'

const calls = 'openat,write,pwrite64,fsync,rename,renameat2,link,linkat,unlink,mkdir,ftruncate'

/** Runs git prov under strace, killed at the n-th such call of each of its processes. True when something was killed. */
function killedAt(test: TestRepository, n: number, words: readonly string[]): boolean {
  const trace = join(test.path, '../trace')
  const options = ['-f', '-qq', '-o', trace, '-e', `trace=${calls}`, '-e', `inject=${calls}:signal=KILL:when=${n}`]
  spawnSync('strace', [...options, process.execPath, entry, ...words], {
    cwd: test.path,
    env: test.env,
    timeout: 90_000,
    killSignal: 'SIGKILL',
  })
  for (const ref of ['heads/prov', 'notes/prov']) rmSync(join(test.path, `.git/refs/${ref}.lock`), { force: true })
  return readFileSync(trace, 'utf8').includes('killed by SIGKILL')
}

function recorded(): TestRepository {
  const test = provRepository()
  for (let n = 0; n < 3; n++) test.commit(`${n}`, { 'data/train/a.csv': `${n}\n` })
  return test
}

/** Every capture of every commit can be shown, by the commit and by its id. */
function expectAllThere(test: TestRepository, ids: ReadonlyMap<string, string>): void {
  for (const [commit, id] of ids) expect(test.show(commit).id).toBe(id)
  expect(test.run('git', ['fsck', '--strict', '--no-dangling']).stderr.replace(/notice:.*\n/g, '')).toBe('')
}

const captures = (test: TestRepository) =>
  new Map(
    test
      .git('rev-list', 'main')
      .split('\n')
      .map((commit) => [commit, test.show(commit).id as string]),
  )
const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10)

/** Tries with a kill at the first such call, the second and so on, until a dozen in a row met none. How many did. */
function atEveryCall(attempt: (n: number) => boolean): number {
  let kills = 0
  for (let n = 1, spared = 0; spared < 12 && n <= 200; n++) {
    const killed = attempt(n)
    spared = killed ? 0 : spared + 1
    if (killed) kills += 1
  }
  return kills
}

describe('a process killed at any point', () => {
  it('of seal: what was recorded is there, and the next seal holds', () => {
    const test = recorded()
    signWith(test, 'mei@example.org')
    const ids = captures(test)
    const tip = test.git('rev-parse', 'prov')
    const kills = atEveryCall((n) => {
      test.git('update-ref', 'refs/heads/prov', tip)
      if (!killedAt(test, n, ['seal'])) return false
      expectAllThere(test, ids)
      return true
    })
    expect(kills).toBeGreaterThan(40)
    test.ok('seal')
    expectAllThere(test, ids)
    test.ok('verify')
  })

  it('of archive: everything recorded is there, in its place or in the archive', () => {
    const test = recorded()
    const ids = captures(test)
    const tip = test.git('rev-parse', 'prov')
    const kills = atEveryCall((n) => {
      test.git('update-ref', 'refs/heads/prov', tip)
      if (!killedAt(test, n, ['archive', '--before', tomorrow])) return false
      expectAllThere(test, ids)
      return true
    })
    expect(kills).toBeGreaterThan(60)
    test.ok('archive', '--before', tomorrow)
    expectAllThere(test, ids)
    test.ok('verify')
  })

  it('of redact: what stays is there, and the next command ends what was begun', () => {
    const origin = recorded()
    const [gone, ...stay] = [...captures(origin)] as [[string, string], ...[string, string][]]
    let kills = 0
    for (let n = 1; n < 120; n++) {
      const test = copyOf(origin, n)
      if (!killedAt(test, n, ['redact', gone[1], '--no-copy'])) continue
      kills += 1
      test.ok('init')
      expectAllThere(test, new Map(stay))
      test.prov('redact', gone[1], '--no-copy')
      test.ok('redact', '--purge')
      expect(test.branch().some((path) => path.includes(gone[1]))).toBe(false)
      expect(test.prov('verify').stdout).toMatch(/every one matches its name/)
      rmSync(test.path, { recursive: true })
    }
    expect(kills).toBeGreaterThan(60)
  })
})

function copyOf(test: TestRepository, n: number): TestRepository {
  const path = join(test.path, `../copy-${n}`)
  spawnSync('cp', ['-a', test.path, path])
  return new TestRepository(path, test.env)
}
