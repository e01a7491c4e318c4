import { type Place, tryGit } from '../run.ts'

/** The full name of the commit a revision resolves to (gitrevisions(7)); undefined when there is none. */
export function resolveCommit(place: Place, revision: string): string | undefined {
  const result = tryGit(place, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`])
  return result.status === 0 ? result.stdout.toString('utf8').trim().split('\n').at(-1) : undefined
}
