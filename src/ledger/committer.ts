import { askIdent, identNow, readIdent } from '../git/ident.ts'
import type { Repository } from '../git/repository.ts'
import { readSettings } from './settings.ts'

/**
 * Who commits here, now: `Name <mail> <seconds> <zone>`. A machine without an identity commits as git-prov. Git is
 * asked only where its configuration files alone do not say it.
 */
export function committerIdent(repository: Repository): string {
  const known = knownCommitter(repository)
  return known ? identNow(known) : readIdent(repository)
}

/** The same without waiting for git. */
export async function askCommitter(repository: Repository): Promise<string> {
  const known = knownCommitter(repository)
  return known ? identNow(known) : await askIdent(repository)
}

function knownCommitter(repository: Repository): string | undefined {
  const { GIT_COMMITTER_NAME: name, GIT_COMMITTER_EMAIL: email } = repository.env
  return name === undefined && email === undefined ? readSettings(repository).committer : undefined
}
