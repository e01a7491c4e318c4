import { ProvError } from '../../base/errors.ts'
import { type Place, StartedGit, tryGit } from '../run.ts'

const args = ['diff', '--name-only', '--no-renames', '--no-ext-diff', '-z']

/**
 * Files that differ between the merge base with a commit and the work tree, relative to its top, without untracked ones.
 * Without a merge base (a shallow clone), files that differ from the commit itself.
 */
export async function changedSince(place: Place, base: string): Promise<string[]> {
  const found = await new StartedGit(place, [...args, '--merge-base', base, '--']).finish('')
  return split(found.status === 0 ? found.stdout : mustDiff(place, [...args, base, '--']))
}

/** Files that the next commit would change. */
export function stagedPaths(place: Place): string[] {
  return split(mustDiff(place, [...args, '--cached']))
}

/** Files changed by a commit or a range (`a..b`, gitrevisions(7)). */
export function changedIn(place: Place, words: string): string[] {
  const tree = [
    'diff-tree',
    '-r',
    '--root',
    '--no-commit-id',
    '--name-only',
    '--no-renames',
    '-m',
    '--first-parent',
    '-z',
    words,
    '--',
  ]
  const result = tryGit(place, words.includes('..') ? [...args, words, '--'] : tree)
  return result.status === 0 ? split(result.stdout) : []
}

function mustDiff(place: Place, words: readonly string[]): Buffer {
  const result = tryGit(place, words)
  if (result.status === 0) return result.stdout
  throw new ProvError('git', 'git diff failed', { cause: result.stderr.trim() })
}

const split = (bytes: Buffer) => bytes.toString('utf8').split('\0').filter(Boolean)
