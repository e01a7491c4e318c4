import { fstatSync, lstatSync } from 'node:fs'
import { byteString, fsPath } from '../base/path-text.ts'
import type { RunFile } from '../generated/types.ts'
import type { Repository } from '../git/repository.ts'
import type { WorkTreeStatus } from '../git/work-tree/status.ts'

/** How each path that differs from HEAD looked: byte string from the top to its stat identity, `-` where nothing is. */
export type WorkTreeScan = ReadonlyMap<string, string>

/** Scans a work tree by its `git status`, without files our own streams go to: in `git prov run … > log`, log is no output. */
export function scanOf(repository: Repository, { changes }: WorkTreeStatus): WorkTreeScan {
  const streams = [fileOf(1), fileOf(2)]
  const scan = changes.map(({ path }): [string, string] => [path, statIdentity(repository, path)])
  return new Map(scan.filter(([, identity]) => !streams.includes(identity.slice(identity.lastIndexOf(' ') + 1))))
}

/** The inode of the file a stream goes to; undefined for a terminal or a pipe. */
function fileOf(stream: number): string | undefined {
  try {
    const stat = fstatSync(stream, { bigint: true })
    return stat.isFile() ? String(stat.ino) : undefined
  } catch {
    return undefined
  }
}

function statIdentity({ workTree }: Repository, path: string): string {
  const stat = lstatSync(fsPath(`${byteString(workTree ?? '')}/${path}`), { bigint: true, throwIfNoEntry: false })
  return stat && !stat.isDirectory() ? `${stat.mtimeNs} ${stat.ctimeNs} ${stat.size} ${stat.ino}` : '-'
}

/** A path that a command changed. */
export interface Observed {
  path: string
  change: NonNullable<RunFile['change']>
}

/** What changed between two scans, in byte order of the paths. */
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
  // A path that no longer differs from HEAD was restored or, if untracked, removed.
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
