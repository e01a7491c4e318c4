import { rmSync } from 'node:fs'
import type { Variables } from '../environment.ts'
import { locateRepository, type Repository } from '../repository.ts'
import { git, tryGit } from '../run.ts'

/**
 * Checks out a commit into a new folder, as a linked work tree (git-worktree(1)); with `tree`, the files come from that
 * tree, and the differences from the commit are uncommitted. git-lfs pointers stay pointers. Throws `git`.
 */
export function addWorktree(
  repository: Repository,
  { folder, commit, tree, env }: { folder: string; commit: string; tree?: string | undefined; env: Variables },
): Repository {
  git(repository, ['worktree', 'add', '--quiet', '--detach', '--no-checkout', folder, commit])
  const added = locateRepository(folder, withoutPlace(env))
  const place = { ...added, env: { ...added.env, GIT_LFS_SKIP_SMUDGE: '1' } }
  git(place, ['read-tree', '--reset', '-u', tree ?? commit])
  if (tree !== undefined) git(place, ['read-tree', commit])
  // Refreshes the stat data, so that git sees the files as unchanged.
  tryGit(place, ['update-index', '-q', '--refresh'])
  return added
}

function withoutPlace(env: Variables): Variables {
  const { GIT_DIR, GIT_WORK_TREE, GIT_COMMON_DIR, GIT_INDEX_FILE, ...rest } = env
  return rest
}

/** Removes a linked work tree, whatever is in it. Never throws. */
export function removeWorktree(repository: Repository, folder: string): void {
  tryGit(repository, ['worktree', 'remove', '--force', '--force', folder])
  rmSync(folder, { recursive: true, force: true })
  tryGit(repository, ['worktree', 'prune'])
}
