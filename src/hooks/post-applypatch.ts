import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { captureHead } from './capture-head.ts'

/** `git am` leaves a patch's commit at HEAD; rebase's apply backend runs the same hook for its intermediate steps. */
export async function afterPatch(context: Context, objects: ObjectReader): Promise<void> {
  if (existsSync(join(context.repository().gitDir, 'rebase-apply', 'rebasing'))) return
  await captureHead(context, objects, 'post-applypatch')
}
