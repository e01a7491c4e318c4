import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { importCommitMap } from './commit-map.ts'
import { readMapState } from './filter-repo-seen.ts'

/**
 * Records the rewrites of git filter-repo from the map it leaves, once per run of it. Returns how many of the commits
 * have records. Where it never ran, this costs one stat.
 */
export async function tieFilterRepo(context: Context, objects: ObjectReader): Promise<number> {
  const { map, isSeen, remember } = readMapState(context.repository())
  if (isSeen) return 0
  const count = await importCommitMap(context, objects, map)
  remember()
  return count
}
