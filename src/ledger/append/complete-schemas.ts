import { ObjectReader, parseTree } from '../../git/objects/objects.ts'
import { moveRefs } from '../../git/refs/refs.ts'
import type { Repository } from '../../git/repository.ts'
import { readSettings } from '../local/settings.ts'
import { makeBranchCommits } from './branch-commit.ts'
import { committerIdent } from './committer.ts'
import { branchFiles } from './init.ts'

/**
 * Adds schemas of kinds that the older git-prov that created the branch did not know; returns how many. Existing ones are
 * left alone: a server running another version would refuse the change. A join keeps the newer of two.
 */
export async function completeSchemas(repository: Repository): Promise<number> {
  const settings = readSettings(repository)
  const objects = new ObjectReader(repository)
  try {
    const [branch, folder] = await objects.readAll([settings.branchRef, `${settings.branchRef}:schemas`])
    if (!branch) return 0
    const there = new Set(folder?.type === 'tree' ? parseTree(folder).map(({ name }) => `schemas/${name}`) : [])
    const files = new Map([...branchFiles()].filter(([path]) => path.startsWith('schemas/') && !there.has(path)))
    if (files.size === 0) return 0
    const commit = { ident: committerIdent(repository), message: 'schemas\n', parents: [branch.oid], files }
    const [made] = await makeBranchCommits(repository, commit, [], { settings })
    // If the branch has moved meanwhile, they are added next time.
    return (await moveRefs(repository, [{ ref: settings.branchRef, to: made, from: branch.oid }])) ? files.size : 0
  } finally {
    objects.close()
  }
}
