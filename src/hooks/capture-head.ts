import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { backfill } from '../capture/backfill.ts'
import { recordCaptures } from '../capture/record-captures.ts'
import { beginStatus } from '../collect/datasets.ts'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { currentBranch } from '../git/refs/current-branch.ts'
import { dropWrites, prestartWrites } from '../ledger/append/fold.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { showCaptured } from './show-captured.ts'

/** Captures the commit just made, and any left over by hooks that could not find node. */
export async function captureHead(
  context: Context,
  objects: ObjectReader,
  trigger: 'post-commit' | 'post-applypatch',
): Promise<void> {
  const repository = context.repository()
  const prestarted = prestartWrites(repository)
  try {
    // Not awaited here: the environment is collected while git answers.
    const heads = objects.read('HEAD').then((head) => (head ? [head.oid] : []))
    const branch = currentBranch(repository)
    const status = beginStatus(repository, localDir(repository).cache)
    const recorded = await recordCaptures(context, objects, heads, {
      trigger,
      late: false,
      prestarted,
      isNew: true,
      ...(status && { status }),
      ...(branch && { branch }),
    })
    await showCaptured(context, objects, recorded)
  } finally {
    await dropWrites(prestarted)
  }
  await backfillQueue(context, objects)
}

/** Hooks that cannot find node leave a line in the queue; their commits are looked up now. */
async function backfillQueue(context: Context, objects: ObjectReader): Promise<void> {
  const queue = join(localDir(context.repository()).path, 'queue')
  if (!existsSync(queue)) return
  await showCaptured(context, objects, await backfill(context, objects, { late: true, trigger: 'command' }))
  rmSync(queue, { force: true })
}
