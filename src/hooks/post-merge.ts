import { backfill } from '../capture/backfill.ts'
import type { Context } from '../context.ts'
import { catchUpDecisions } from '../decisions/record/catch-up.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { joinAfterPull } from '../share/in-hook.ts'
import { showCaptured } from './show-captured.ts'

/** A merge or pull on the default branch may bring decisions, which are recorded from then on. */
export async function afterMerge(context: Context, objects: ObjectReader): Promise<void> {
  await showCaptured(context, objects, await backfill(context, objects, { late: false, trigger: 'post-merge' }))
  await joinAfterPull(context, objects)
  await catchUpDecisions(context, objects)
}
