import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Place, tryGit } from '../run.ts'

export function listRemotes(place: Place): string[] {
  return tryGit(place, ['remote']).stdout.toString('utf8').split('\n').filter(Boolean)
}

/** The URLs that a push to a remote goes to, after url.<base>.insteadOf and pushurl, without passwords. */
export function pushAddress(place: Place, remote: string): string {
  const result = tryGit(place, ['remote', 'get-url', '--push', '--all', remote])
  return result.stdout.toString('utf8').trim().split('\n').map(withoutPassword).join(' ')
}

/** Removes the userinfo of an http URL (RFC 3986, section 3.2.1): it says who connects, not where to. */
export function withoutPassword(url: string): string {
  return url.replace(/^(https?:\/\/)[^/@]*@/, '$1')
}

/**
 * The remote from which a partial clone fetches missing objects (remote.<name>.promisor). Git is asked only when the
 * clone's own configuration file mentions one.
 */
export function promisorRemote(place: Place & { commonDir: string }): string | undefined {
  if (!/promisor|partialclone|include/i.test(readFileSync(join(place.commonDir, 'config'), 'utf8'))) return undefined
  const result = tryGit(place, ['config', '--get-regexp', '^remote\\..*\\.promisor$', '^true$'])
  return result.stdout.toString('utf8').match(/^remote\.(.*)\.promisor /m)?.[1]
}
