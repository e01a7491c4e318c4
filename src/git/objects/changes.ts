import { git, type Place } from '../run.ts'
import { objectName } from './objects.ts'

/** A path at which two trees differ (git-diff-tree(1), raw format). `path` is a byte string. */
export interface Change {
  status: string
  path: string
  /** Mode and object on the new side; zeros when it was removed. */
  mode: string
  oid: string
}

/** A commit and its changes against each parent, or against the empty tree when it has none. */
export interface CommitChanges {
  commit: string
  tree: string
  parents: string[]
  author: { name: string; email: string }
  /** One list per parent, in order. */
  changes: Change[][]
}

/** Every commit of a range (arguments of git-rev-list(1)), parents first, compared with each of its parents. */
export function readChanges(
  place: Place & { oidLength: 40 | 64 },
  range: readonly string[],
  paths: readonly string[] = [],
): CommitChanges[] {
  const listed = listCommits(place, range)
  const trees = new Map(listed.map(({ commit, tree }) => [commit, tree]))
  const empty = objectName('tree', '', place.oidLength)
  const wanted = listed.filter(({ boundary }) => !boundary)
  const sides = wanted.map(({ parents }) => (parents.length > 0 ? parents : [undefined]))
  const pairs = wanted.flatMap(({ tree }, index) =>
    (sides[index] ?? []).map((parent) => `${parent ? (trees.get(parent) ?? treeOf(place, parent)) : empty} ${tree}`),
  )
  const diffs = diffTrees(place, pairs, paths)
  let at = 0
  return wanted.map(({ boundary: _, ...commit }, index) => {
    const count = (sides[index] ?? []).length
    at += count
    return { ...commit, changes: diffs.slice(at - count, at) }
  })
}

interface Listed extends Omit<CommitChanges, 'changes'> {
  boundary: boolean
}

function listCommits(place: Place, range: readonly string[]): Listed[] {
  const args = [
    'log',
    '--reverse',
    '--topo-order',
    '--boundary',
    '-z',
    '--format=%m %H %T %P%n%ae%n%an',
    ...range,
    '--',
  ]
  return git(place, args)
    .toString('utf8')
    .split('\0')
    .filter(Boolean)
    .map((text) => {
      const [head = '', email = '', ...name] = text.split('\n')
      const [mark, commit = '', tree = '', ...parents] = head.split(' ').filter(Boolean)
      return { boundary: mark === '-', commit, tree, parents, author: { name: name.join(' '), email } }
    })
}

function treeOf(place: Place, commit: string): string {
  return git(place, ['rev-parse', '--verify', '--end-of-options', `${commit}^{tree}`])
    .toString('latin1')
    .trim()
}

/** One process for all pairs of trees. */
function diffTrees(place: Place, pairs: readonly string[], paths: readonly string[]): Change[][] {
  if (pairs.length === 0) return []
  const args = ['diff-tree', '--stdin', '-r', '--raw', '-z', '--no-renames', '--no-abbrev', '--', ...paths]
  const text = git(place, args, `${pairs.join('\n')}\n`).toString('latin1')
  const diffs: Change[][] = []
  for (let at = 0; at < text.length; ) {
    if (text[at] !== ':') {
      diffs.push([])
      at = text.indexOf('\n', at) + 1
      continue
    }
    const end = text.indexOf('\0', at)
    const next = text.indexOf('\0', end + 1)
    const [, mode = '', , oid = '', status = ''] = text.slice(at, end).split(' ')
    diffs.at(-1)?.push({ status, path: text.slice(end + 1, next), mode, oid })
    at = next + 1
  }
  return diffs
}
