import type { Context } from '../context.ts'
import { isMadeHere, readHeadReflogs } from '../git/history/reflog.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { isRebasing } from '../git/rebasing.ts'
import { currentBranch } from '../git/refs/current-branch.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { readBackfilled, reflogKey, writeBackfilled } from '../ledger/local/backfilled.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readCapture } from '../ledger/notes/read-capture.ts'
import type { Capture } from '../records/record.ts'
import { type Recorded, recordCaptures } from './record-captures.ts'

type Chosen = { late: boolean; trigger: Capture['trigger']; committedAt?: bigint; noDeadline?: true }

/**
 * Captures commits made in this clone since `git prov init` that have no capture: hooks can be skipped, overwritten or
 * not called for a kind of commit. Only HEAD can be captured as it was made; the rest is late.
 */
export async function backfill(context: Context, objects: ObjectReader, chosen: Chosen): Promise<Recorded> {
  const repository = context.repository()
  // During a rebase HEAD is an intermediate step; the rebase reports its result when it is done.
  if (isRebasing(repository)) return { captured: [], where: 'folded' }
  const key = reflogKey(repository)
  const before = readBackfilled(repository)
  if (before?.key === key) return { captured: [], where: 'folded' }
  const now = Math.floor(context.now().getTime() / 1000)
  const missed = await findUncaptured(repository, objects, before?.until)
  const recorded = await captureMissed(context, objects, missed, chosen)
  // One second back: another commit can be made within this one.
  writeBackfilled(repository, { key, until: now - 1 })
  return recorded
}

async function captureMissed(
  context: Context,
  objects: ObjectReader,
  missed: readonly string[],
  chosen: Chosen,
): Promise<Recorded> {
  const repository = context.repository()
  if (missed.length === 0) return { captured: [], where: 'folded' }
  const head = await objects.read('HEAD')
  const fresh = chosen.late || !head ? [] : missed.filter((oid) => oid === head.oid)
  const late = missed.filter((oid) => !fresh.includes(oid))
  const first =
    late.length > 0
      ? await recordCaptures(context, objects, late, { trigger: chosen.trigger, late: true, noDeadline: true })
      : undefined
  if (fresh.length === 0) return first as Recorded
  const branch = currentBranch(repository)
  const second = await recordCaptures(context, objects, fresh, { ...chosen, ...(branch && { branch }) })
  return { captured: [...(first?.captured ?? []), ...second.captured], where: second.where }
}

/** Parents first, without commits that no ref reaches any more (steps of a rebase, amended ones). */
export async function findUncaptured(repository: Repository, objects: ObjectReader, from = 0): Promise<string[]> {
  const settings = readSettings(repository)
  if (settings.since === undefined) return []
  const made = readHeadReflogs(repository, Math.max(settings.since, from))
    .filter(isMadeHere)
    .map(({ oid }) => oid)
  const missed: string[] = []
  for (const oid of new Set(made)) if (!(await readCapture({ objects, settings }, oid))) missed.push(oid)
  return missed.length > 0 ? reachable(repository, missed) : []
}

function reachable(repository: Repository, oids: readonly string[]): string[] {
  const lost = revList(repository, ['--stdin', '--not', '--branches', '--remotes', '--tags', 'HEAD'], oids)
  const kept = new Set(oids.filter((oid) => !lost.includes(oid)))
  // By commit time: parents before children, unless a clock ran backwards.
  return revList(repository, ['--no-walk=sorted', '--reverse', '--stdin'], [...kept])
}

function revList(repository: Repository, args: readonly string[], oids: readonly string[]): string[] {
  if (oids.length === 0) return []
  const result = tryGit(repository, ['rev-list', '--ignore-missing', ...args], `${oids.join('\n')}\n`)
  return result.stdout.toString('utf8').split('\n').filter(Boolean)
}
