import { ProvError } from '../../base/errors.ts'
import { type GitObject, type ObjectReader, parseTree, type TreeEntry } from './objects.ts'
import type { TreeChange } from './tree-diff.ts'

export interface Comparison {
  changes: TreeChange[]
  /** Folders only in the second, with their trees; of nested ones only the topmost. */
  added: Map<string, string>
}

interface Pair {
  path: string
  before: GitObject | undefined
  after: GitObject | undefined
}

/** Limits on folder depth and number of differences, which only a tree bomb would exceed. */
const deepest = 16
const most = 5_000_000

/**
 * Compares two commits like diffTrees, through a reader that is already open: it reads what differs level by level and
 * starts no process. Throws `git` when a folder is missing, `record` for trees of absurd size.
 */
export async function compareTrees(objects: ObjectReader, before: string, after: string): Promise<Comparison> {
  const [left, right] = await objects.readAll([`${before}^{tree}`, `${after}^{tree}`])
  const result: Comparison = { changes: [], added: new Map() }
  let level: Pair[] = [{ path: '', before: folder(left), after: folder(right) }]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest || result.changes.length > most)
      throw new ProvError('record', 'a branch holds more than git-prov writes', { hint: 'somebody wrote it by hand' })
    level = await readPairs(
      objects,
      level.flatMap((pair) => differences(pair, result)),
    )
  }
  return result
}

interface Difference {
  path: string
  before?: TreeEntry | undefined
  after?: TreeEntry | undefined
}

/** Adds the differences in one folder to the result; returns the folders to descend into. */
function differences({ path, before, after }: Pair, { changes, added }: Comparison): Difference[] {
  const theirs = new Map((after ? parseTree(after) : []).map((entry) => [entry.name, entry]))
  const ours = new Map((before ? parseTree(before) : []).map((entry) => [entry.name, entry]))
  const inside: Difference[] = []
  for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
    const [left, right] = [ours.get(name), theirs.get(name)]
    if (left?.oid === right?.oid && left?.mode === right?.mode) continue
    const one = { path: `${path}${name}`, before: left, after: right }
    if (isFolder(left) || isFolder(right)) inside.push(one)
    if (isFolder(right) && !left && before) added.set(one.path, right.oid)
    if (isFile(left) || isFile(right))
      changes.push({ path: one.path, ...(isFile(left) && { before: left }), ...(isFile(right) && { after: right }) })
  }
  return inside
}

const isFolder = (entry: TreeEntry | undefined): entry is TreeEntry => entry?.mode === '40000'

const isFile = (entry: TreeEntry | undefined): entry is TreeEntry => entry !== undefined && !isFolder(entry)

async function readPairs(objects: ObjectReader, inside: readonly Difference[]): Promise<Pair[]> {
  const names = inside.flatMap(({ before, after }) => [before, after].filter(isFolder).map(({ oid }) => oid))
  const read = (await objects.readAll(names)).values()
  const next = (entry: TreeEntry | undefined) => (isFolder(entry) ? folder(read.next().value) : undefined)
  return inside.map(({ path, before, after }) => ({ path: `${path}/`, before: next(before), after: next(after) }))
}

function folder(object: GitObject | undefined): GitObject {
  if (object?.type === 'tree') return object
  throw new ProvError('git', 'a folder of the branch cannot be read', { hint: 'git fsck' })
}
