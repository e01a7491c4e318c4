import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Place, tryGit } from './run.ts'

// Any depth but git's own word for infinity, which would bring the whole history of every other branch too.
const deep = '--depth=1000000000'

/**
 * What a fetch of a ref needs to be told where a shallow clone has cut that ref's own history off (git-clone(1), --depth
 * with --no-single-branch); nothing where it is whole or not here yet.
 */
export function deepening(repository: Place & { commonDir: string }, ref: string): string[] {
  const cut = readShallow(join(repository.commonDir, 'shallow'))
  if (cut.size === 0) return []
  const roots = tryGit(repository, ['rev-list', '--max-parents=0', ref, '--']).stdout.toString('utf8').split('\n')
  return roots.some((root) => cut.has(root)) ? [deep] : []
}

function readShallow(file: string): Set<string> {
  try {
    return new Set(readFileSync(file, 'utf8').split('\n').filter(Boolean))
  } catch {
    return new Set()
  }
}
