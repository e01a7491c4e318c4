import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { Repository } from '../repository.ts'
import { StartedGit } from '../run.ts'

/** Tracked files that git was told not to check, as byte strings: `git status` never reports changes in them. */
export interface FlaggedFiles {
  /** Assume-unchanged. */
  assumed: string[]
  /** Skip-worktree: in a sparse checkout, most of them do not exist on disk. */
  skipped: string[]
}

/** Cached by the stat data of the index, the only place that holds the flags. */
export async function readFlaggedFiles(repository: Repository, cacheDir: string): Promise<FlaggedFiles> {
  const file = join(cacheDir, 'flagged.json')
  const stat = statSync(join(repository.gitDir, 'index'), { bigint: true, throwIfNoEntry: false })
  const key = stat ? `${repository.gitDir} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.size} ${stat.ino}` : ''
  try {
    const cached = JSON.parse(readFileSync(file, 'utf8')) as { key: string; flagged: FlaggedFiles }
    if (cached.key === key) return cached.flagged
  } catch {
    // no cache, or not ours
  }
  const flagged = await askGit(repository)
  replaceFile(file, JSON.stringify({ key, flagged }))
  return flagged
}

/** git-ls-files(1), -v: a tag in lower case is assume-unchanged, S skip-worktree. */
async function askGit(repository: Repository): Promise<FlaggedFiles> {
  const { stdout } = await new StartedGit(repository, ['ls-files', '-v', '-z']).finish('')
  const flagged: FlaggedFiles = { assumed: [], skipped: [] }
  for (let at = 0, end = stdout.indexOf(0); end >= 0; at = end + 1, end = stdout.indexOf(0, at)) {
    const tag = stdout[at] as number
    const list = tag >= 97 ? flagged.assumed : tag === 83 ? flagged.skipped : undefined
    list?.push(stdout.toString('latin1', at + 2, end))
  }
  return flagged
}
