import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { Repository } from '../repository.ts'
import { StartedGit } from '../run.ts'

/** Tracked files git was told not to look at, byte strings: `git status` says nothing of them, whatever they hold. */
export interface FlaggedFiles {
  /** Assume-unchanged. */
  assumed: string[]
  /** Skip-worktree: of a sparse checkout, most of which are not there at all. */
  skipped: string[]
}

/** Kept by the identity of the index, which alone holds the flags. */
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
