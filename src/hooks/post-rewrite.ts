import { recordCaptures } from '../capture/record-captures.ts'
import type { RewrittenPair } from '../capture/rewritten-pairs.ts'
import type { Context } from '../context.ts'
import { type ObjectReader, parseCommit } from '../git/objects/objects.ts'
import { isRebasing } from '../git/rebasing.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readCapture } from '../ledger/notes/read-capture.ts'
import { buildRecord, type Rewrite } from '../records/record.ts'
import { showCaptured } from './show-captured.ts'

/** What became what after an amend or a rebase, which git names in the first word, and captures of what it became. */
export async function afterRewrite(
  context: Context,
  objects: ObjectReader,
  [by = '']: readonly string[],
): Promise<void> {
  // A squash or fixup within a rebase amends a step; the rebase tells of its outcome when it is done.
  if (by === 'amend' && isRebasing(context.repository())) return
  const { readRewrittenPairs } = await import('../capture/rewritten-pairs.ts')
  const rewritten = await readRewrittenPairs(context)
  const stored = await rewriteRecord(context, objects, by, rewritten)
  if (!stored) return
  const rewrittenFrom = new Map<string, string[]>()
  for (const { from, to } of rewritten) rewrittenFrom.set(to, [...(rewrittenFrom.get(to) ?? []), from])
  const fresh = await withoutCapture(context, objects, [...rewrittenFrom.keys()])
  const recorded = await recordCaptures(context, objects, fresh, {
    trigger: 'post-rewrite',
    late: false,
    rewrittenFrom,
    extra: [{ record: stored }],
  })
  if (by !== 'amend') await showCaptured(context, objects, recorded)
}

/** Undefined when nothing was rewritten. */
async function rewriteRecord(context: Context, objects: ObjectReader, by: string, rewritten: readonly RewrittenPair[]) {
  const newest = rewritten.at(-1)?.to
  const head = newest && (await objects.read(newest))
  if (!head) return undefined
  const { oid, tree, parents, committer } = parseCommit(head)
  return buildRecord<Rewrite>(
    {
      kind: 'rewrite',
      agent: { name: committer.name, email: committer.email },
      about: { commit: oid, tree, parents },
      by: by.slice(0, 64) || 'unknown',
      rewritten: rewritten as Rewrite['rewritten'],
    },
    context.now(),
  )
}

async function withoutCapture(context: Context, objects: ObjectReader, oids: readonly string[]): Promise<string[]> {
  const settings = readSettings(context.repository())
  const fresh: string[] = []
  for (const oid of oids) if (!(await readCapture({ objects, settings }, oid))) fresh.push(oid)
  return fresh
}
