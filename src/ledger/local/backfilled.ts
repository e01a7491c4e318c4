import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { Repository } from '../../git/repository.ts'
import { localDir } from './local-dir.ts'

/** How far the reflogs have been looked through. */
export interface Backfilled {
  /** The stat identity of the reflogs then: while it is the same, there is nothing new in them. */
  key: string
  /** Seconds since the epoch up to which every commit made here is known to have been looked at. */
  until: number
}

const file = (repository: Repository) => join(localDir(repository).cache, 'swept.json')

export function readBackfilled(repository: Repository): Backfilled | undefined {
  try {
    return JSON.parse(readFileSync(file(repository), 'utf8')) as Backfilled
  } catch {
    return undefined
  }
}

export function writeBackfilled(repository: Repository, backfilled: Backfilled): void {
  replaceFile(file(repository), JSON.stringify(backfilled))
}

/** Whether nothing was written to the reflogs since they were looked through. */
export function isBackfilled(repository: Repository): boolean {
  return readBackfilled(repository)?.key === reflogKey(repository)
}

/** Only whether something moved is read here; what moved is asked of git. */
export function reflogKey({ commonDir }: Repository): string {
  let linked: string[] = []
  try {
    linked = readdirSync(join(commonDir, 'worktrees')).map((name) => `worktrees/${name}/logs/HEAD`)
  } catch {
    // none linked
  }
  const parts = ['logs/HEAD', 'reftable/tables.list', ...linked].map((path) => {
    const stat = statSync(join(commonDir, path), { bigint: true, throwIfNoEntry: false })
    return stat ? `${stat.size} ${stat.mtimeNs}` : '-'
  })
  return parts.join(',')
}
