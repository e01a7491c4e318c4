import { messageOf } from '../../base/errors.ts'
import { type Missing, missing } from '../../base/missing.ts'
import { pathText } from '../../base/path-text.ts'
import type { Snapshot } from '../../generated/types.ts'
import type { Commit } from '../../git/objects/objects.ts'
import type { FlaggedFiles } from '../../git/work-tree/flagged-files.ts'
import type { TakenSnapshot } from '../../git/work-tree/snapshot.ts'
import type { WorkTreeStatus } from '../../git/work-tree/status.ts'
import { lookAtFiles } from '../files.ts'
import type { Session } from '../session.ts'

/** Uncommitted work as a snapshot, or why it could not be kept; undefined when there is none. */
export async function keepWork(
  session: Session,
  commit: Commit | undefined,
  status: WorkTreeStatus,
  flagged: FlaggedFiles,
): Promise<Snapshot | Missing | undefined> {
  if (status.failed !== undefined)
    return missing(`git could not tell what is uncommitted: ${status.failed}`.slice(0, 1024))
  if (status.changes.length === 0 && flagged.assumed.length === 0) return undefined
  const head = commit && { oid: commit.oid, tree: commit.tree, seconds: commit.committer.seconds }
  try {
    const { withhold } = await import('./withhold.ts')
    const { kept, withheld, paths } = await withhold(session, commit, status.changes)
    const { takeSnapshot } = await import('../../git/work-tree/snapshot.ts')
    const taken = await takeSnapshot({ repository: session.repository, head, changes: kept, flagged, withheld: paths })
    const snapshot = taken ? await describe(session, taken) : head && { commit: head.oid, tree: head.tree }
    if (withheld.length === 0) return taken && snapshot
    if (!snapshot) return missing(`${withheld[0]?.path} ${withheld[0]?.reason}, and there is nothing else`)
    const omitted = [...(snapshot.omitted ?? []), ...withheld]
    return { ...snapshot, changes: status.changes.length, omitted }
  } catch (error) {
    const cause = error instanceof Error && typeof error.cause === 'string' ? ` (${error.cause.split('\n')[0]})` : ''
    return missing(`uncommitted work could not be kept: ${messageOf(error)}${cause}`.slice(0, 1024))
  }
}

/** The snapshot as recorded: omitted files keep their digest, so that they can be compared later. */
async function describe(session: Session, { commit, tree, changes, omitted, lossy }: TakenSnapshot): Promise<Snapshot> {
  const paths = omitted.map(({ path }) => ({ path: pathText(path), declared: 'observed' as const }))
  const digests = new Map((await lookAtFiles(session, paths)).files.map(({ path, digest }) => [path, digest]))
  const files = omitted.map(({ path, bytes }) => {
    const digest = digests.get(pathText(path))
    return { path: pathText(path).slice(0, 4096), bytes, ...(digest !== undefined && { digest }) }
  })
  return {
    commit,
    tree,
    changes,
    ...(files.length > 0 && { omitted: files }),
    ...(lossy.length > 0 && { lossy: lossy.map((text) => text.slice(0, 1024)) }),
  }
}
