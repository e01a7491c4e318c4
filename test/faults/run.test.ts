import { spawn, spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { numbers } from '../../bench/numbers.js'
import { entry, provRepository, type TestRepository } from '../support/repository.ts'
import { finishedRuns, runRecords } from '../support/run-records.ts'

/** What must hold after any fault: the next command goes on, and all that is there is whole. */
function expectWhole(test: TestRepository): void {
  for (const lock of ['refs/heads/prov.lock', 'refs/notes/prov.lock'])
    rmSync(join(test.path, '.git', lock), { force: true })
  test.ok('capture')
  test.ok('log', '-n', '1')
  // A branch that moved without its notes is the one half state there can be.
  test.ok('notes', 'rebuild')
  test.ok('verify')
  expect(test.run('git', ['fsck', '--strict', '--no-dangling']).stderr.replace(/notice:.*\n/g, '')).toBe('')
}

describe('git prov run killed at a random moment', () => {
  it('30 times: a command that ran had its plan on the branch, and each plan is closed', async () => {
    const test = provRepository()
    const random = numbers(7)
    for (let n = 0; n < 30; n++) {
      // Every third is killed about the time when its plan is folded behind it.
      const [script, at] = n % 3 === 0 ? ['; sleep 2', 1050] : ['', 50]
      const start = `echo "$GIT_PROV_RUN" >> ../started${script}`
      const words = [entry, 'run', '-q', '-o', 'out', '--', 'sh', '-c', start]
      const child = spawn(process.execPath, words, { cwd: test.path, env: test.env, stdio: 'ignore' })
      setTimeout(() => child.kill('SIGKILL'), at + random() * 500)
      await new Promise((resolve) => child.on('exit', resolve))
    }
    await new Promise((resolve) => setTimeout(resolve, 2500))
    expectWhole(test)
    const all = runRecords(test)
    const started = readFileSync(join(test.path, '../started'), 'utf8').split('\n').filter(Boolean)
    const planned = new Set(all.filter(({ record }) => record.phase === 'planned').map(({ id }) => id))
    expect(started.filter((id) => !planned.has(id))).toEqual([])
    const closed = new Set(finishedRuns(test).map(({ runId }) => runId))
    expect(all.filter(({ record }) => !closed.has(record.runId))).toEqual([])
    expect(started.length).toBeGreaterThan(3)
  })
})

describe('a file system that refuses', () => {
  it.each(['ENOSPC', 'EIO'])("42 times %s: the command's own result stands", (error) => {
    const test = provRepository()
    const calls = ['fsync', 'rename', 'link,linkat', 'mkdir', 'unlink', 'ftruncate', 'pwrite64']
    for (let n = 0; n < 42; n++) {
      const inject = `${calls[n % calls.length]}:error=${error}:when=${1 + Math.floor(n / calls.length)}`
      const words = ['-f', '-qq', '-o', '/dev/null', '-e', `inject=${inject}`, process.execPath, entry, 'run', '--']
      const ran = spawnSync('strace', [...words, 'sh', '-c', 'echo result; exit 7'], {
        cwd: test.path,
        env: test.env,
        encoding: 'utf8',
      })
      expect([inject, ran.status, ran.stdout]).toEqual([inject, 7, 'result\n'])
    }
    expectWhole(test)
  })
})
