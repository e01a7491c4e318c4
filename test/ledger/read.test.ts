import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { locateRepository } from '../../src/git/repository.ts'
import { listTreeFiles } from '../../src/ledger/read/read.ts'
import { provRepository } from '../support/repository.ts'

it('a branch of which a folder is missing is said to be unreadable, never taken for a smaller one', async () => {
  const test = provRepository()
  const list = async () => {
    const found = []
    for await (const entry of listTreeFiles(locateRepository(test.path, test.env), 'prov')) found.push(entry)
    return found
  }
  expect((await list()).length).toBeGreaterThan(0)
  const folder = test.git('rev-parse', 'prov:records')
  rmSync(join(test.path, '.git/objects', folder.slice(0, 2), folder.slice(2)))
  await expect(list()).rejects.toMatchObject({ code: 'git', message: 'git ls-tree failed' })
})
