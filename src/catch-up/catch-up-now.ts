import { messageOf } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { plural } from '../base/quantity.ts'
import { backfill } from '../capture/backfill.ts'
import { tieFilterRepo } from '../capture/filter-repo-map.ts'
import type { Context } from '../context.ts'
import { catchUpDecisions } from '../decisions/record/catch-up.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { joinNews } from '../ledger/share/join-news.ts'
import { foldWaiting } from '../recording/fold-waiting.ts'
import { abandonedRuns } from '../run/active-runs.ts'

/**
 * Folds what hooks left in the spool, links commits to what git filter-repo rewrote them to, captures commits that no
 * hook saw, closes runs whose `git prov run` is gone, and records decisions that reached the default branch. Reports on
 * stderr; a failure never stops the command.
 */
export async function catchUpNow(context: Context, objects: ObjectReader, news = true): Promise<void> {
  const repository = context.repository()
  try {
    await foldWaiting(context, objects, { patience: 2000 })
    const came = news ? await joinNews(repository, objects) : 0
    if (came > 0) context.stderr.write(`prov: ${plural(came, 'record')} received\n`)
    const tied = await tieFilterRepo(context, objects)
    if (tied > 0)
      context.stderr.write(`prov: ${plural(tied, 'commit')} linked to the commits git filter-repo made of them\n`)
    const { captured } = await backfill(context, objects, { late: true, trigger: 'command', noDeadline: true })
    if (captured.length > 0)
      context.stderr.write(
        `prov: ${plural(captured.length, 'commit')} captured late (no hook ran for ${captured.length === 1 ? 'it' : 'them'})\n`,
      )
    if (abandonedRuns(localDir(repository)).length > 0)
      await (await import('../run/close-abandoned.ts')).closeAbandoned(context, objects)
    await catchUpDecisions(context, objects)
  } catch (error) {
    context.stderr.write(`${escapeLine(`prov: catching up was not completed: ${messageOf(error)}; git prov doctor`)}\n`)
  }
}
