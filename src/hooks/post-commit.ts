import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { isRebasing } from '../git/rebasing.ts'
import { captureHead } from './capture-head.ts'

/** The steps of a rebase are not kept; post-rewrite reports the commits that are. */
export async function afterCommit(context: Context, objects: ObjectReader): Promise<void> {
  if (!isRebasing(context.repository())) await captureHead(context, objects, 'post-commit')
}
