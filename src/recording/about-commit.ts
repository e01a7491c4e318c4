import { ProvError } from '../base/errors.ts'
import { type ObjectReader, parseCommit } from '../git/objects/objects.ts'
import type { ProvRecord } from '../records/record.ts'

/** A commit, for the `about` of a record. Throws `usage` when there is none. */
export async function aboutCommit(objects: ObjectReader, commit: string): Promise<NonNullable<ProvRecord['about']>> {
  const object = await objects.read(commit)
  if (object?.type !== 'commit') throw new ProvError('usage', 'there is no commit yet', { hint: 'git commit first' })
  const { oid, tree, parents } = parseCommit(object)
  return { commit: oid, tree, parents }
}
