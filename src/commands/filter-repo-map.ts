import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from '../context.ts'
import { replaceFile } from '../core/replace-file.ts'
import type { ObjectReader } from '../git/objects.ts'
import { localDir } from '../ledger/local-dir.ts'

/**
 * Writes down what git filter-repo made of what, from the map it leaves behind, once each time it has run. Returns how
 * many commits something is recorded of. Where it never ran it costs a look for a file.
 */
export async function tieFilterRepo(context: Context, objects: ObjectReader): Promise<number> {
  const repository = context.repository()
  const map = join(repository.gitDir, 'filter-repo/commit-map')
  const stat = statSync(map, { bigint: true, throwIfNoEntry: false })
  if (!stat) return 0
  const seen = `${stat.mtimeNs} ${stat.size} ${stat.ino}`
  const file = join(localDir(repository).cache, 'filter-repo-map')
  if (readSeen(file) === seen) return 0
  const { importCommitMap } = await import('./commit-map.ts')
  const count = await importCommitMap(context, objects, map)
  replaceFile(file, seen)
  return count
}

function readSeen(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
