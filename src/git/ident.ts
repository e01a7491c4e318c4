import { type Place, tryGit } from './run.ts'

/** Who commits here, now: `Name <mail> <seconds> <zone>` (git-var(1)). A machine without an identity commits as git-prov. */
export function committerIdent(place: Place): string {
  const result = tryGit(place, ['var', 'GIT_COMMITTER_IDENT'])
  if (result.status === 0) return result.stdout.toString('utf8').trim()
  return `git-prov <git-prov@localhost> ${Math.floor(Date.now() / 1000)} +0000`
}
