import { backfill } from '../capture/backfill.ts'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { showCaptured } from './show-captured.ts'

/** A merge or pull on the default branch may bring decisions, which are recorded from then on. */
export async function afterMerge(context: Context, objects: ObjectReader): Promise<void> {
  await showCaptured(context, objects, await backfill(context, objects, { late: false, trigger: 'post-merge' }))
  // What a commit does not need is a bundle of its own.
  const { joinAfterPull } = await import('../share/in-hook.ts')
  const { catchUpDecisions } = await import('../decisions/record/catch-up.ts')
  await joinAfterPull(context, objects)
  await catchUpDecisions(context, objects)
}
