import { lstatSync } from 'node:fs'
import { byteString, fsPath } from '../../core/path-text.ts'
import type { RunFile } from '../../generated/types.ts'
import type { Repository } from '../../git/repository.ts'
import type { WorkTreeStatus } from '../../git/work-tree-status.ts'

/** How each path that differs from HEAD looked: byte string from the top to its stat identity, `-` where nothing is. */
export type WorkTreeScan = ReadonlyMap<string, string>

/** Of a work tree whose `git status` this is. */
export function scanOf(repository: Repository, { changes }: WorkTreeStatus): WorkTreeScan {
  return new Map(changes.map(({ path }) => [path, statIdentity(repository, path)]))
}

function statIdentity({ workTree }: Repository, path: string): string {
  const stat = lstatSync(fsPath(`${byteString(workTree ?? '')}/${path}`), { bigint: true, throwIfNoEntry: false })
  return stat && !stat.isDirectory() ? `${stat.mtimeNs} ${stat.ctimeNs} ${stat.size} ${stat.ino}` : '-'
}

/** A path that lay otherwise after a command than before it. */
export interface Observed {
  path: string
  change: NonNullable<RunFile['change']>
}

/** What changed between two looks, in byte order of the paths. */
export function compareScans(
  repository: Repository,
  before: WorkTreeScan,
  after: WorkTreeScan,
  status: WorkTreeStatus,
): Observed[] {
  const changes = new Map(status.changes.map(({ path, change }) => [path, change]))
  const observed: Observed[] = []
  for (const [path, now] of after) {
    const then = before.get(path)
    if (then === now) continue
    observed.push({ path, change: changeOf(changes.get(path) ?? 'modified', then, now) })
  }
  // What differs from HEAD no longer was put back, or (untracked) taken away.
  for (const [path, then] of before) {
    if (after.has(path)) continue
    const now = statIdentity(repository, path)
    if (then !== now) observed.push({ path, change: changeOf('modified', then, now) })
  }
  return observed.filter(({ path }) => !path.endsWith('/')).sort((a, b) => (a.path < b.path ? -1 : 1))
}

function changeOf(
  against: WorkTreeStatus['changes'][number]['change'],
  then: string | undefined,
  now: string,
): Observed['change'] {
  if (now === '-') return 'deleted'
  if (then === '-') return 'created'
  return then === undefined && against === 'added' ? 'created' : 'modified'
}
