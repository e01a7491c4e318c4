import type { Repository } from './repository.ts'
import { StartedGit } from './run.ts'

/** Tracked files git was told not to look at, byte strings: `git status` says nothing of them, whatever they hold. */
export interface FlaggedFiles {
  /** Assume-unchanged. */
  assumed: string[]
  /** Skip-worktree: of a sparse checkout, most of which are not there at all. */
  skipped: string[]
}

/** git-ls-files(1), -v: a tag in lower case is assume-unchanged, S skip-worktree. */
export async function readFlaggedFiles(repository: Repository): Promise<FlaggedFiles> {
  const { stdout } = await new StartedGit(repository, ['ls-files', '-v', '-z']).finish('')
  const flagged: FlaggedFiles = { assumed: [], skipped: [] }
  for (let at = 0, end = stdout.indexOf(0); end >= 0; at = end + 1, end = stdout.indexOf(0, at)) {
    const tag = stdout[at] as number
    const list = tag >= 97 ? flagged.assumed : tag === 83 ? flagged.skipped : undefined
    list?.push(stdout.toString('latin1', at + 2, end))
  }
  return flagged
}
