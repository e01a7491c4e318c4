import type { Context } from '../context.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { importCommitMap } from './commit-map.ts'
import { readMapState } from './filter-repo-seen.ts'

/**
 * Writes down what git filter-repo made of what, from the map it leaves behind, once each time it has run. Returns how
 * many commits something is recorded of. Where it never ran it costs a look for a file.
 */
export async function tieFilterRepo(context: Context, objects: ObjectReader): Promise<number> {
  const { map, isSeen, remember } = readMapState(context.repository())
  if (isSeen) return 0
  const count = await importCommitMap(context, objects, map)
  remember()
  return count
}
