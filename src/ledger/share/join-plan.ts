import { digestOf } from '../../base/digest.ts'
import { ProvError } from '../../base/errors.ts'
import { escapeLine } from '../../base/escape.ts'
import { type Comparison, compareTrees } from '../../git/objects/compare-trees.ts'
import { isSafePath } from '../../git/objects/fast-import.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { TreeChange } from '../../git/objects/tree-diff.ts'
import type { Repository } from '../../git/repository.ts'
import { isNewer } from '../../records/branch/branch-version.ts'
import { planUnion } from '../../records/branch/union.ts'
import { classifyPath } from '../../records/layout.ts'
import { listFiles } from '../read/read.ts'
import { readRemovals } from '../removal/removals.ts'

/** What makes our branch the union of itself and some tips. */
export interface JoinPlan {
  /** Path to blob. */
  take: Map<string, string>
  /** Folders to take whole, instead of what `take` has in them: path to tree. */
  folders: Map<string, string>
  drop: string[]
  /** Of each tip, the paths that are taken from it. */
  from: { path: string }[][]
  /** Whether the union is just what the one tip has. */
  inTheirs: boolean
}

/**
 * Plans the join of tips into a branch, one after another; the order makes no difference. `first`: how the first differs,
 * where that was looked up already. Throws `record`.
 */
export async function planJoin(
  repository: Repository,
  objects: ObjectReader,
  branch: string,
  tips: readonly { ref: string; tip: string }[],
  first?: Comparison,
): Promise<JoinPlan> {
  const removing = await holdsRemovals(objects, branch)
  const before = removing
    ? await readRemovals(objects, listFiles(repository, branch, ['records/archive/', 'records/redaction/']))
    : new Set<string>()
  const plan: JoinPlan = { take: new Map(), folders: new Map(), drop: [], from: [], inTheirs: tips.length === 1 }
  for (const [index, { ref, tip }] of tips.entries()) {
    const { changes, added } = (index === 0 && first) || (await compareTrees(objects, branch, tip))
    refuseStrange(ref, changes)
    await addTip(objects, plan, before, changes)
    if (tips.length === 1 && before.size === 0 && plan.drop.length === 0) plan.folders = added
  }
  return plan
}

/** Whether a commit of the branch has records that let files go. */
export async function holdsRemovals(objects: ObjectReader, commit: string): Promise<boolean> {
  const folders = await objects.readAll([`${commit}:records/archive`, `${commit}:records/redaction`])
  return folders.some((folder) => folder !== undefined)
}

async function addTip(
  objects: ObjectReader,
  plan: JoinPlan,
  before: ReadonlySet<string>,
  changes: readonly TreeChange[],
): Promise<void> {
  const differences = changes.flatMap(({ path, ...change }) => {
    const [ours, theirs] = [plan.take.get(path) ?? change.before?.oid, change.after?.oid]
    return ours === theirs ? [] : [{ path, ...(ours && { ours }), ...(theirs && { theirs }) }]
  })
  const news = await readRemovals(
    objects,
    differences.flatMap(({ path, theirs }) => (theirs ? [{ path, oid: theirs }] : [])),
  )
  const wins = await newerContents(objects, differences)
  const letGo = new Set([...before, ...news])
  const { take } = planUnion(differences, letGo, (ours, theirs) => wins.has(`${ours} ${theirs}`))
  plan.from.push([...take.keys()].map((path) => ({ path })))
  for (const [path, oid] of take) plan.take.set(path, oid)
  plan.drop.push(...[...news].filter((path) => !before.has(path)))
  plan.inTheirs &&= differences.every(({ path, theirs }) => (theirs ? take.has(path) : letGo.has(path)))
}

/** A newer git-prov may write what this one does not know; links, submodules and names out of the tree nobody writes. */
export function refuseStrange(ref: string, changes: readonly TreeChange[]): void {
  const strange = changes.find(({ path, after }) => after && (after.mode !== '100644' || !isSafePath(path)))
  if (!strange) return
  throw new ProvError('record', `${ref} holds what git-prov never writes: ${escapeLine(strange.path)}`, {
    hint: 'it was not joined; somebody wrote to that branch by hand',
  })
}

/** Of paths with two contents, those where theirs is the one to keep, as `<ours> <theirs>`. */
async function newerContents(
  objects: ObjectReader,
  differences: readonly { path: string; ours?: string; theirs?: string }[],
): Promise<Set<string>> {
  const wins = new Set<string>()
  for (const { path, ours, theirs } of differences) {
    if (!ours || !theirs) continue
    const [left, right] = await objects.readAll([ours, theirs])
    if (left && right && theirsIsBetter(path, left.body, right.body)) wins.add(`${ours} ${theirs}`)
  }
  return wins
}

/** A file named by its digest has one right content; README and schemas have a newer one. */
function theirsIsBetter(path: string, ours: Buffer, theirs: Buffer): boolean {
  const file = classifyPath(path)
  const named = file && ('id' in file ? file.id : 'digest' in file ? file.digest : undefined)
  if (named === digestOf(ours)) return false
  return named === digestOf(theirs) || isNewer(theirs, ours)
}
