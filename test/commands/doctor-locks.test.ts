import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { inProcess } from '../support/in-process.ts'
import { provRepository } from '../support/repository.ts'

it('the lock of a reftable repository, which any git may hold, is stale by age alone', async () => {
  const test = provRepository()
  const lock = join(test.path, '.git/reftable/tables.list.lock')
  mkdirSync(join(lock, '..'))
  writeFileSync(lock, '')
  expect((await inProcess(test).prov('doctor')).stdout).toContain(
    'was left by a git process that was killed; wait for the git process that holds it',
  )
  await inProcess(test).prov('doctor', '--fix')
  expect(existsSync(lock)).toBe(true)
  utimesSync(lock, 0, 0)
  await inProcess(test).ok('doctor', '--fix')
  expect(existsSync(lock)).toBe(false)
})
