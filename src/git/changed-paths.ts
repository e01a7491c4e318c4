import { ProvError } from '../core/errors.ts'
import { gitFailed, type Place, tryGit } from './run.ts'

/**
 * Files that differ between the merge base with a commit and the work tree, and untracked ones below `untracked`; from
 * the top of the work tree. Without a merge base (a shallow clone), those that differ from the commit itself.
 */
export function changedSince(place: Place, base: string, untracked: string): string[] {
  const args = ['diff', '--name-only', '--no-renames', '--no-ext-diff', '-z']
  const found = tryGit(place, [...args, '--merge-base', base, '--'])
  const result = found.status === 0 ? found : tryGit(place, [...args, base, '--'])
  if (result.status !== 0) throw gitFailed(args, result.stderr)
  const others = tryGit(place, ['ls-files', '--others', '--exclude-standard', '-z', '--', untracked])
  return [...new Set([...split(result.stdout), ...split(others.stdout)])]
}

/** Files that the next commit would change. */
export function stagedPaths(place: Place): string[] {
  const args = ['diff', '--cached', '--name-only', '--no-renames', '--no-ext-diff', '-z']
  const result = tryGit(place, args)
  if (result.status !== 0) throw new ProvError('git', 'git diff --cached failed', { cause: result.stderr.trim() })
  return split(result.stdout)
}

const split = (bytes: Buffer) => bytes.toString('utf8').split('\0').filter(Boolean)
