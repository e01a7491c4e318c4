import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Place, tryGit } from '../run.ts'

export function listRemotes(place: Place): string[] {
  return tryGit(place, ['remote']).stdout.toString('utf8').split('\n').filter(Boolean)
}

/** The addresses a push to a remote goes to, after url.<base>.insteadOf and pushurl, without any password in them. */
export function pushAddress(place: Place, remote: string): string {
  const result = tryGit(place, ['remote', 'get-url', '--push', '--all', remote])
  return result.stdout.toString('utf8').trim().split('\n').map(withoutPassword).join(' ')
}

/** RFC 3986, section 3.2.1: what stands before the @ of an http address is for whoever connects, not part of where. */
export function withoutPassword(url: string): string {
  return url.replace(/^(https?:\/\/)[^/@]*@/, '$1')
}

/**
 * The remote that a partial clone fetches what it lacks from (remote.<name>.promisor). Such a clone says so in its own
 * configuration: where that does not speak of it, nothing is asked.
 */
export function promisorRemote(place: Place & { commonDir: string }): string | undefined {
  if (!/promisor|partialclone|include/i.test(readFileSync(join(place.commonDir, 'config'), 'utf8'))) return undefined
  const result = tryGit(place, ['config', '--get-regexp', '^remote\\..*\\.promisor$', '^true$'])
  return result.stdout.toString('utf8').match(/^remote\.(.*)\.promisor /m)?.[1]
}
