import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { readLastSeen } from '../local/last-seen.ts'
import { unjoined } from '../read/sources.ts'
import { joinRefs } from './join.ts'

/**
 * Joins what a plain `git fetch` or `git pull` has brought since a command last looked. Costs a read when nothing came.
 * Returns the records that came.
 */
export async function joinNews(repository: Repository, objects: ObjectReader): Promise<number> {
  const lastSeen = await readLastSeen(repository, objects)
  if (!lastSeen.isNew) return 0
  const joined = await joinRefs(repository, objects, unjoined(repository), Date.now() + 5000)
  lastSeen.remember()
  return joined.reduce((sum, { records }) => sum + records, 0)
}
