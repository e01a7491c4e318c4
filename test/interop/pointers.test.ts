import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { coreutils, fingerprint } from '../collect/fingerprint.ts'
import { cloneOf, gitRepository } from '../support/repository.ts'

// The real git-annex and git-lfs: what they store stands for the content that coreutils see in a full work tree.

it('git-annex: locked and unlocked files, with a SHA-256 and without, here and in a clone without content', async () => {
  const test = gitRepository({ 'data/md5.csv': 'md5', 'data/open.csv': 'open', 'data/sha.csv': 'sha' })
  test.git('annex', 'init', '--quiet', 'here')
  test.git('-c', 'annex.backend=MD5E', 'annex', 'add', '--quiet', 'data/md5.csv', 'data/open.csv')
  test.git('-c', 'annex.backend=SHA256E', 'annex', 'add', '--quiet', 'data/sha.csv')
  test.git('annex', 'unlock', '--quiet', 'data/open.csv')
  test.commit('Data')
  const digest = coreutils(join(test.path, 'data'))
  const dataset = await fingerprint(test, 'data')
  expect(dataset).toMatchObject({ state: 'complete', source: 'git', digest, files: 3, bytes: 10 })
  expect(dataset).not.toHaveProperty('uncommitted')

  const clone = await fingerprint(cloneOf(test), 'data')
  expect(clone).toMatchObject({ state: 'incomplete', files: 1, bytes: 3, problemCount: 2 })
  expect(clone.problems?.[0]?.reason).toMatch(
    /^content not here, and its key has no SHA-256 \(MD5E-s3--.*git annex get/,
  )
  // git-annex protects its objects from being removed.
  test.run('chmod', ['-R', 'u+w', '.git/annex'])
})

it('git-lfs: the same digest with the content and with pointers only', async () => {
  const test = gitRepository({ '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' })
  test.git('lfs', 'install', '--local')
  test.commit('Data', { 'data/a.bin': Buffer.alloc(100_000, 'a'), 'data/b.csv': 'b' })
  expect(test.git('cat-file', 'blob', 'HEAD:data/a.bin')).toMatch(/^version https:\/\/git-lfs/)
  const complete = { state: 'complete', source: 'git', digest: coreutils(join(test.path, 'data')), bytes: 100_001 }
  const full = await fingerprint(test, 'data')
  expect(full).toMatchObject(complete)
  expect(full).not.toHaveProperty('uncommitted')
  rmSync(join(test.path, '.git/lfs/objects'), { recursive: true })
  expect(await fingerprint(test, 'data', { late: true })).toMatchObject(complete)
  expect(await fingerprint(cloneOf(test), 'data')).toMatchObject(complete)
})
