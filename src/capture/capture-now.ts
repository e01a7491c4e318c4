import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readCapture } from '../ledger/notes/read-capture.ts'
import { backfill } from './backfill.ts'
import type { Captured } from './capture-commits.ts'
import { finishPending } from './finish-pending.ts'
import { recordCaptures } from './record-captures.ts'

/** Captures what the hooks missed and finishes pending captures, without a time limit. */
export async function captureMissed(context: Context, objects: ObjectReader): Promise<Captured[]> {
  const { captured } = await backfill(context, objects, { late: true, trigger: 'command', noDeadline: true })
  return [...captured, ...(await finishPending(context, objects))]
}

/** Captures each commit of a range that has no capture. Throws `unknown-revision`. */
export async function captureRange(
  context: Context,
  objects: ObjectReader,
  range: readonly string[],
): Promise<Captured[]> {
  const repository = context.repository()
  const settings = readSettings(repository)
  const missed: string[] = []
  for (const oid of listCommits(repository, range))
    if (!(await readCapture({ objects, settings }, oid))) missed.push(oid)
  const { captured } = await recordCaptures(context, objects, missed, {
    trigger: 'command',
    late: true,
    noDeadline: true,
  })
  return captured
}

/** Parents first; a single commit means that commit only. */
function listCommits(repository: Repository, range: readonly string[]): string[] {
  const single = range.every((word) => !/\.\.|^[-^]/.test(word))
  const walk = ['rev-list', '--reverse', '--topo-order', ...(single ? ['--no-walk'] : [])]
  const result = tryGit(repository, [...walk, '--end-of-options', ...range, '--'])
  if (result.status === 0) return result.stdout.toString('utf8').split('\n').filter(Boolean)
  throw new ProvError('unknown-revision', `'${range.join(' ')}' matches no commits here`, {
    cause: result.stderr.trim(),
    hint: 'git prov capture HEAD~3..HEAD',
  })
}
