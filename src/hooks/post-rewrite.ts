import { recordCaptures } from '../capture/record-captures.ts'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { isRebasing } from '../git/rebasing.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readCapture } from '../ledger/notes/read-capture.ts'
import { showCaptured } from './show-captured.ts'

/** Records what became what after an amend or rebase (git's first argument), and captures the new commits. */
export async function afterRewrite(
  context: Context,
  objects: ObjectReader,
  [by = '']: readonly string[],
): Promise<void> {
  // A squash or fixup within a rebase amends a step; the rebase reports its result when it is done.
  if (by === 'amend' && isRebasing(context.repository())) return
  const { readRewrites } = await import('../capture/read-rewrites.ts')
  const { rewrittenFrom, extra } = await readRewrites(context, objects, by)
  if (extra.length === 0) return
  const fresh = await withoutCapture(context, objects, [...rewrittenFrom.keys()])
  const recorded = await recordCaptures(context, objects, fresh, {
    trigger: 'post-rewrite',
    late: false,
    rewrittenFrom,
    extra,
  })
  if (by !== 'amend') await showCaptured(context, objects, recorded)
}

async function withoutCapture(context: Context, objects: ObjectReader, oids: readonly string[]): Promise<string[]> {
  const settings = readSettings(context.repository())
  const fresh: string[] = []
  for (const oid of oids) if (!(await readCapture({ objects, settings }, oid))) fresh.push(oid)
  return fresh
}
