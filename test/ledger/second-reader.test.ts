import * as fs from 'node:fs'
import git from 'isomorphic-git'
import { expect, it } from 'vitest'
import { digestOf } from '../../src/base/digest.ts'
import { provRepository } from '../support/repository.ts'

it('another implementation of git reads the branch, and every name is the digest of its bytes', async () => {
  const test = provRepository()
  test.commit('x', { 'data/train/a.csv': 'b\n' })
  const at = { fs, dir: test.path }
  const oid = await git.resolveRef({ ...at, ref: 'refs/heads/prov' })
  const checked: string[] = []
  await git.walk({
    ...at,
    trees: [git.TREE({ ref: oid })],
    map: async (path, [entry]) => {
      if (!/^(records|environments|manifests)\/.*\./.test(path)) return
      const content = await entry?.content()
      expect(path).toContain(`/${digestOf(content as Uint8Array)}.`)
      checked.push(path)
    },
  })
  expect(checked.sort()).toEqual(test.branch('records', 'environments', 'manifests').sort())
  expect(checked).toHaveLength(5)
})
