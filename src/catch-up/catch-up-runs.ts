import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { listSpool } from '../ledger/append/spool.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { abandonedRuns } from '../run/active-runs.ts'

/**
 * Done first by every command that reads runs: folds the spool, and closes runs whose `git prov run` is gone. When
 * there is nothing to do, which is nearly always, it costs a look at two folders.
 */
export async function catchUpRuns(context: Context, objects: ObjectReader): Promise<void> {
  const local = localDir(context.repository())
  if (listSpool(local).length === 0 && abandonedRuns(local).length === 0) return
  await (await import('./catch-up-now.ts')).catchUpNow(context, objects)
}
