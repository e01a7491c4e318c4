import { readFileSync } from 'node:fs'
import { replaceFile } from '../../base/files.ts'
import type { Repository } from '../../git/repository.ts'
import { readStatus, type WorkTreeStatus } from '../../git/work-tree/status.ts'

/** `git status` of some paths (byte strings), begun before it was known that it is needed. */
export interface PrefetchedStatus {
  paths: readonly string[]
  result: Promise<WorkTreeStatus>
}

/** Begins the `git status` that the last capture needed; most likely this one needs it too. */
export function beginStatus(repository: Repository, cacheDir: string): PrefetchedStatus | undefined {
  const paths = readTracked(cacheDir)
  return paths.length > 0 && repository.workTree ? { paths, result: readStatus(repository, paths) } : undefined
}

/** The status of the paths: the one begun, or one begun now and remembered for the next time. */
export function statusOf(
  repository: Repository,
  cacheDir: string,
  paths: readonly string[],
  prefetched: PrefetchedStatus | undefined,
): Promise<WorkTreeStatus> {
  if (prefetched && JSON.stringify(prefetched.paths) === JSON.stringify(paths)) return prefetched.result
  replaceFile(trackedFile(cacheDir), JSON.stringify(paths))
  return readStatus(repository, paths)
}

const trackedFile = (cacheDir: string) => `${cacheDir}/tracked.json`

function readTracked(cacheDir: string): string[] {
  try {
    const paths: unknown = JSON.parse(readFileSync(trackedFile(cacheDir), 'utf8'))
    return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : []
  } catch {
    return []
  }
}
