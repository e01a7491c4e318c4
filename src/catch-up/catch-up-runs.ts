import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { listSpool } from '../ledger/append/spool.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { abandonedRuns } from '../run/active-runs.ts'

/**
 * What every command that reads runs does first: what waits in the spool is folded, and runs whose `git prov run` is gone
 * are closed. Where neither is the case, which is nearly always, it costs a look at two folders.
 */
export async function catchUpRuns(context: Context, objects: ObjectReader): Promise<void> {
  const local = localDir(context.repository())
  if (listSpool(local).length === 0 && abandonedRuns(local).length === 0) return
  await (await import('./catch-up-now.ts')).catchUpNow(context, objects)
}
