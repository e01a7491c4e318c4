import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { type Context, contextOf } from '../../src/context.ts'
import { locateRepository, type Repository } from '../../src/git/repository.ts'
import type { FindProblems } from '../../src/health/problem.ts'
import { lockProblems } from '../../src/health/problems/lock.ts'
import { notesProblems } from '../../src/health/problems/notes.ts'
import { refLockProblems } from '../../src/health/problems/ref-locks.ts'
import { replayProblems } from '../../src/health/problems/replays.ts'
import { spoolProblems } from '../../src/health/problems/spool.ts'
import { holderOf } from '../../src/ledger/local/lock.ts'
import { entry, provRepository, type TestRepository } from '../support/repository.ts'

let test: TestRepository
let repository: Repository
let context: Context
beforeAll(() => {
  test = provRepository()
  repository = locateRepository(test.path, test.env)
  context = contextOf({
    cwd: test.path,
    env: test.env,
    program: entry,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    now: () => new Date(),
  })
})

/** A file below .git/, as old as can be. */
function leave(path: string, text = ''): void {
  const file = join(test.path, '.git', path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
  utimesSync(file, 0, 0)
}

const gone = { pid: 2 ** 22 + 1, host: hostname(), start: '1' }

it.each<[string, FindProblems, () => void]>([
  ['stale-lock', lockProblems, () => leave('prov/lock', JSON.stringify(gone))],
  ['ref-lock', refLockProblems, () => leave('refs/notes/prov.lock')],
  ['ref-lock', refLockProblems, () => leave('reftable/tables.list.lock')],
  ['leftover', spoolProblems, () => leave('prov/spool/1.tmp')],
  ['no-notes', notesProblems, () => test.git('update-ref', '-d', 'refs/notes/prov')],
  ['stale-replay', replayProblems, () => leave('prov/replays/x.json', '{')],
])('%s is found, and gone after the fix', async (code, find, damage) => {
  expect(await find(repository, context)).toEqual([])
  damage()
  const found = await find(repository, context)
  expect(found).toMatchObject([{ code, severity: 'warning', hint: 'git prov doctor --fix' }])
  await found[0]?.fix?.()
  expect(await find(repository, context)).toEqual([])
})

it('what may still be needed has no fix', async () => {
  leave('prov/lock', JSON.stringify(holderOf(process.pid)))
  expect(lockProblems(repository)).toEqual([])
  leave('prov/spool/1.damaged')
  expect(await spoolProblems(repository, context)).toMatchObject([
    { code: 'damaged-spool', hint: 'look at it, then delete it' },
  ])
  expect((await spoolProblems(repository, context)).filter(({ fix }) => fix)).toEqual([])
})
