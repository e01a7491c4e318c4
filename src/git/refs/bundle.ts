import { mkdirSync } from 'node:fs'
import type { Variables } from '../environment.ts'
import { locateRepository, type Repository } from '../repository.ts'
import { git, gitText } from '../run.ts'

const who = { NAME: 'git-prov', EMAIL: 'git-prov@localhost', DATE: '@0 +0000' }

/**
 * Writes a tree into a file that git fetches from (git-bundle(1)), as one commit without a history: the same tree gives
 * the same commit. Returns its name. Throws `git`.
 */
export function writeBundle(repository: Repository, tree: string, file: string): string {
  const env = { ...repository.env }
  for (const [key, value] of Object.entries(who)) {
    env[`GIT_AUTHOR_${key}`] = value
    env[`GIT_COMMITTER_${key}`] = value
  }
  const commit = gitText({ ...repository, env }, ['commit-tree', '--no-gpg-sign', tree], 'The code of a run\n')
  const ref = `refs/prov/bundles/${process.pid}`
  git(repository, ['update-ref', ref, commit])
  try {
    git(repository, ['bundle', 'create', '--quiet', file, ref])
  } finally {
    git(repository, ['update-ref', '-d', ref])
  }
  return commit
}

/** Makes a repository of such a file in a folder that is not there yet, its commit checked out. Throws `git`. */
export function openBundle(
  file: string,
  folder: string,
  { commit, env }: { commit: string; env: Variables },
): Repository {
  mkdirSync(folder)
  const { GIT_DIR, GIT_WORK_TREE, ...rest } = env
  const place = {
    cwd: folder,
    env: Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as Record<string, string>,
  }
  git(place, ['init', '--quiet', ...(commit.length === 64 ? ['--object-format=sha256'] : []), '.'])
  git(place, ['fetch', '--quiet', '--no-tags', '--end-of-options', file, '+refs/prov/bundles/*:refs/prov/bundles/*'])
  git(place, ['checkout', '--quiet', '--detach', commit])
  return locateRepository(folder, rest)
}
