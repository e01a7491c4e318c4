import { type Place, tryGit } from '../run.ts'

/**
 * git's diffstat of two commits or trees (git-diff(1), --stat), in at most 78 columns; empty when they do not differ, or
 * when one is missing.
 */
export function diffStat(place: Place, from: string | undefined, to: string | undefined): string {
  if (from === undefined || to === undefined) return ''
  const args = ['diff', '--stat=78', '--no-color', '--no-ext-diff', '--no-textconv', '--end-of-options', from, to, '--']
  const result = tryGit(place, args)
  return result.status === 0 ? result.stdout.toString('utf8') : ''
}
