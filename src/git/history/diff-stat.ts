import { type Place, tryGit } from '../run.ts'

/**
 * How the files of two commits or trees differ, in git's words (git-diff(1), --stat), in at most 78 columns; empty when
 * they do not, or when one is not here.
 */
export function diffStat(place: Place, from: string | undefined, to: string | undefined): string {
  if (from === undefined || to === undefined) return ''
  const args = ['diff', '--stat=78', '--no-color', '--no-ext-diff', '--no-textconv', '--end-of-options', from, to, '--']
  const result = tryGit(place, args)
  return result.status === 0 ? result.stdout.toString('utf8') : ''
}
