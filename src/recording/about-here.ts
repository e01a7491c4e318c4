import type { Context } from '../context.ts'
import { type ObjectReader, parseCommit } from '../git/objects/objects.ts'
import { currentBranch } from '../git/refs/current-branch.ts'
import type { ProvRecord } from '../records/record.ts'

/** HEAD's commit and branch, for the `about` of a record; undefined before the first commit. */
export async function aboutHere(context: Context, objects: ObjectReader): Promise<ProvRecord['about']> {
  const head = await objects.read('HEAD')
  if (head?.type !== 'commit') return undefined
  const { oid, tree, parents } = parseCommit(head)
  const branch = currentBranch(context.repository())
  return { commit: oid, tree, parents, ...(branch && { branch }) }
}
