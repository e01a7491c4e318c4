import { expect, it } from 'vitest'
import { compareTrees } from '../../src/git/objects/compare-trees.ts'
import { ObjectReader } from '../../src/git/objects/objects.ts'
import { diffTrees } from '../../src/git/objects/tree-diff.ts'
import { locateRepository } from '../../src/git/repository.ts'
import { gitRepository } from '../support/repository.ts'

it('finds what git finds, whatever became of files and folders, and which folders are new', async () => {
  const test = gitRepository({ 'a/b/one': '1', 'a/b/two': '2', 'a/c': '3', same: 's', 'was/a/folder': 'x', link: 'l' })
  const before = test.commit('first')
  for (const path of ['a/b/one', 'was', 'link', 'a/c']) test.git('rm', '-r', '--quiet', path)
  test.run('ln', ['-s', 'same', 'link'])
  test.commit('changed', {
    'a/b/two': 'changed',
    was: 'a file now',
    'a/c/is/a/folder': 'y',
    'new/x/1': '1',
    'new/2': '2',
  })
  const repository = locateRepository(test.path, test.env)
  const objects = new ObjectReader(repository)
  const sorted = <T extends { path: string }>(changes: T[]) => changes.sort((x, y) => (x.path < y.path ? -1 : 1))
  for (const [left, right] of [
    [before, 'HEAD'],
    ['HEAD', before],
    ['HEAD', 'HEAD'],
  ] as [string, string][]) {
    const bare = ({ mode, oid }: { mode: string; oid: string }) => ({ mode, oid })
    const { changes } = await compareTrees(objects, left, right)
    const plain = changes.map(({ path, before: old, after: now }) => ({
      path,
      ...(old && { before: bare(old) }),
      ...(now && { after: bare(now) }),
    }))
    expect(sorted(plain)).toEqual(sorted(diffTrees(repository, left, right)))
  }
  const { added } = await compareTrees(objects, before, 'HEAD')
  expect([...added]).toEqual([['new', test.git('rev-parse', 'HEAD:new')]])
  await expect(compareTrees(objects, before, 'f'.repeat(40))).rejects.toMatchObject({ code: 'git' })
  objects.close()
})
