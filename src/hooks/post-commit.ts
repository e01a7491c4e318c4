import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { isRebasing } from '../git/rebasing.ts'
import { captureHead } from './capture-head.ts'

/** The steps of a rebase are no commits to keep; post-rewrite tells of the ones that are. */
export async function afterCommit(context: Context, objects: ObjectReader): Promise<void> {
  if (!isRebasing(context.repository())) await captureHead(context, objects, 'post-commit')
}
