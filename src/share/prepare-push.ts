import { arePatchesRecorded } from '../capture/patches-seen.ts'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { readSettings } from '../ledger/local/settings.ts'
import type { Destination } from '../ledger/share/destination.ts'

/** Before anything is sent, records patch ids and a seal, if any are due. */
export async function preparePush(
  context: Context,
  objects: ObjectReader,
  targets: readonly Destination[],
): Promise<void> {
  const repository = context.repository()
  if (!arePatchesRecorded(repository))
    await (await import('../capture/record-patches.ts')).recordPatches(context, objects)
  if (!readSettings(repository).sealAtPush) return
  const { sealBeforePush } = await import('../trust/seal.ts')
  await sealBeforePush(
    context,
    objects,
    targets.map(({ url }) => url),
  )
}
