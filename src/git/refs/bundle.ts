import { createWriteStream, mkdirSync } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import type { Variables } from '../environment.ts'
import { locateRepository, type Repository } from '../repository.ts'
import { git, gitText, streamGit } from '../run.ts'

const identity = { NAME: 'git-prov', EMAIL: 'git-prov@localhost', DATE: '@0 +0000' }

// The same bytes whatever this repository's configuration and packs; a reused delta would also reveal its history.
const reproducible = [
  '--no-reuse-delta',
  '--no-reuse-object',
  '--no-use-bitmap-index',
  '--threads=1',
  '--window=10',
  '--depth=50',
]

/**
 * Writes a tree to a git bundle (gitformat-bundle(5)) as one commit without history: the same tree gives the same commit
 * and the same bytes. Written here because `git bundle` needs a ref of its own meanwhile, and puts its name into the
 * file. Returns the commit's name. Throws `git`.
 */
export async function writeBundle(repository: Repository, tree: string, file: string): Promise<string> {
  const env = { ...repository.env }
  for (const [key, value] of Object.entries(identity)) {
    env[`GIT_AUTHOR_${key}`] = value
    env[`GIT_COMMITTER_${key}`] = value
  }
  const commit = gitText({ ...repository, env }, ['commit-tree', '--no-gpg-sign', tree], 'The code of a run\n')
  const version = commit.length === 64 ? '# v3 git bundle\n@object-format=sha256\n' : '# v2 git bundle\n'
  const pack = ['-c', 'pack.compression=6', 'pack-objects', '--quiet', '--stdout', '--revs', '--delta-base-offset']
  async function* parts() {
    yield Buffer.from(`${version}${commit} refs/prov/bundles/run\n\n`)
    yield* streamGit(repository, [...pack, ...reproducible], { input: `${commit}\n` })
  }
  await pipeline(parts, createWriteStream(file, { flags: 'wx' }))
  return commit
}

/** Creates a repository from such a bundle in a new folder, with its commit checked out. Throws `git`. */
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
