import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../base/files.ts'
import type { Repository } from '../git/repository.ts'
import { localDir } from '../ledger/local/local-dir.ts'

/**
 * The map that git filter-repo leaves, whether it is unchanged since it was last read, and a way to mark it as read.
 */
export function readMapState(repository: Repository): { map: string; isSeen: boolean; remember(): void } {
  const map = join(repository.gitDir, 'filter-repo/commit-map')
  const file = join(localDir(repository).cache, 'filter-repo-map')
  const stat = statSync(map, { bigint: true, throwIfNoEntry: false })
  const state = stat ? `${stat.mtimeNs} ${stat.size} ${stat.ino}` : undefined
  return { map, isSeen: !state || readSeen(file) === state, remember: () => replaceFile(file, state ?? '') }
}

/** True when git filter-repo never ran here, or its rewrites are recorded. */
export const isMapSeen = (repository: Repository) => readMapState(repository).isSeen

function readSeen(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
