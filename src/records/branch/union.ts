/** A path at which two trees differ, with the object each has there. */
export interface Difference {
  path: string
  ours?: string
  theirs?: string
}

/** Changes that make our tree the join of both: blobs to take from theirs, paths to remove. */
export interface UnionPlan {
  take: Map<string, string>
  drop: string[]
}

/**
 * The join of two trees, as changes to ours: the union of both minus the paths that records remove. If both have different
 * contents at a path, `theirsWins` decides; it must be a total order of contents. Then the join is commutative,
 * associative and idempotent, and loses only what a record removed.
 */
export function planUnion(
  differences: readonly Difference[],
  letGo: ReadonlySet<string>,
  theirsWins: (ours: string, theirs: string) => boolean,
): UnionPlan {
  const take = new Map<string, string>()
  for (const { path, ours, theirs } of differences) {
    if (!theirs || letGo.has(path)) continue
    if (!ours || theirsWins(ours, theirs)) take.set(path, theirs)
  }
  return { take, drop: [...letGo] }
}
