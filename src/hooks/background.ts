import { rmSync, statSync } from 'node:fs'
import { backfill } from '../capture/backfill.ts'
import { finishPending } from '../capture/finish-pending.ts'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'

/** The first word is a file that the hook touched at the commit; data changed after that is listed separately. */
export async function inBackground(context: Context, objects: ObjectReader, [stamp]: readonly string[]): Promise<void> {
  const committedAt = stamp ? statSync(stamp, { bigint: true, throwIfNoEntry: false })?.mtimeNs : undefined
  await backfill(context, objects, {
    late: false,
    trigger: 'background',
    noDeadline: true,
    ...(committedAt && { committedAt }),
  })
  if (stamp) rmSync(stamp, { force: true })
  await finishPending(context, objects)
}
