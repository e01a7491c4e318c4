import { askIdent, identNow, plainPerson, readIdent } from '../../git/ident.ts'
import type { Repository } from '../../git/repository.ts'
import { readSettings } from '../local/settings.ts'

/**
 * The committer, now: `Name <mail> <seconds> <zone>`. A machine without an identity commits as git-prov. Git is asked only
 * when its configuration files and environment variables do not plainly say.
 */
export function committerIdent(repository: Repository): string {
  const known = knownCommitter(repository)
  return known ? identNow(known) : readIdent(repository)
}

/** Asynchronous committerIdent. */
export async function askCommitter(repository: Repository): Promise<string> {
  const known = knownCommitter(repository)
  return known ? identNow(known) : await askIdent(repository)
}

function knownCommitter(repository: Repository): string | undefined {
  const { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email } = repository.env
  if (name === undefined && email === undefined) return readSettings(repository).committer
  return plainPerson(name, email)
}
