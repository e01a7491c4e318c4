import { git, type Place } from '../run.ts'

/** A path at which two trees differ: mode and object on each side, undefined where it is absent. */
export interface TreeChange {
  path: string
  before?: { mode: string; oid: string }
  after?: { mode: string; oid: string }
}

/** Compares two trees without detecting renames (git-diff-tree(1), raw format). Paths are byte strings. */
export function diffTrees(place: Place, before: string, after: string): TreeChange[] {
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-renames', '--no-abbrev', before, after]
  const parts = git(place, args).toString('latin1').split('\0')
  const changes: TreeChange[] = []
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [beforeMode, afterMode, beforeOid, afterOid] = (parts[at] as string).slice(1).split(' ') as [
      string,
      string,
      string,
      string,
    ]
    changes.push({
      path: parts[at + 1] as string,
      ...(beforeMode !== '000000' && { before: { mode: beforeMode, oid: beforeOid } }),
      ...(afterMode !== '000000' && { after: { mode: afterMode, oid: afterOid } }),
    })
  }
  return changes
}
