import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ObjectReader } from '../../src/git/objects/objects.ts'
import { locateRepository } from '../../src/git/repository.ts'
import { gitRepository } from '../support/repository.ts'

it('a reader whose process dies in the middle of a reply fails that read, and the next is answered', async () => {
  const test = gitRepository()
  test.commit('one', { 'big.txt': 'x'.repeat(100_000) })
  const repository = locateRepository(test.path, test.env)
  // The real git, whose first cat-file is cut off after a part of its reply.
  const bin = join(test.path, '../git')
  const real = test.run('sh', ['-c', 'command -v git']).stdout.trim()
  writeFileSync(
    bin,
    `#!/bin/sh\n[ -e '${bin}.cut' ] && exec '${real}' "$@"\n: >'${bin}.cut'\n'${real}' "$@" | head -c 5000\nexit 137\n`,
  )
  chmodSync(bin, 0o755)
  const env = { ...repository.env, PATH: `${join(bin, '..')}:${repository.env.PATH}` }
  const reader = new ObjectReader({ ...repository, env })
  await expect(reader.read('HEAD:big.txt')).rejects.toThrow()
  expect((await reader.read('HEAD:big.txt'))?.body.toString() === 'x'.repeat(100_000)).toBe(true)
  reader.close()
}, 20_000)
