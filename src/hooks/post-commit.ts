import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { isRebasing } from '../git/rebasing.ts'
import { captureHead } from './capture-head.ts'

/** Steps of a rebase do not survive it; post-rewrite reports the commits that do. */
export async function afterCommit(context: Context, objects: ObjectReader): Promise<void> {
  if (!isRebasing(context.repository())) await captureHead(context, objects, 'post-commit')
}
