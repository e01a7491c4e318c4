import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Place, tryGit } from './run.ts'

// Any depth except git's own value for infinity, which would also fetch the whole history of every other branch.
const deep = '--depth=1000000000'

/**
 * Extra arguments for fetching a ref whose own history a shallow clone has truncated (git-clone(1), --depth with
 * --no-single-branch); none when its history is complete or the ref does not exist yet.
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
