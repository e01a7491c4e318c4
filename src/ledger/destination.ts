import { ProvError } from '../core/errors.ts'
import { escapeLine } from '../core/escape.ts'
import { listRemotes, pushAddress } from '../git/remotes.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { readSettings } from './settings.ts'

/** A remote that provenance may go to. */
export interface Destination {
  remote: string
  /** Where a push to it goes; several are separated by spaces. */
  url: string
  /** It holds provenance and nothing else, so it need have no branch of its own. */
  only: boolean
}

/** The configuration keys of a chosen remote: where it pointed when it was chosen, and whether it is for provenance alone. */
export const addressKey = (remote: string) => `remote.${remote}.provUrl`
export const onlyKey = (remote: string) => `remote.${remote}.provOnly`

/**
 * The remotes provenance goes to: those chosen in this clone's configuration and pointing where they pointed then.
 * `asked` picks one. Throws `not-shared`: nothing is ever sent where nobody said it may go.
 */
export function destinations(repository: Repository, asked?: string): Destination[] {
  const { remotes: chosen } = readSettings(repository)
  const known = listRemotes(repository)
  if (asked !== undefined && !known.includes(asked)) throw unknownRemote(asked, known)
  if (asked !== undefined && !chosen.includes(asked)) throw notChosen(asked, chosen)
  if (chosen.length === 0) throw noneChosen(known)
  return (asked === undefined ? chosen : [asked]).map((remote) => {
    if (!known.includes(remote)) throw unknownRemote(remote, known)
    return { remote, url: checkAddress(repository, remote), only: isSet(repository, onlyKey(remote)) }
  })
}

/** The remote's address, which must be the one it had when it was chosen. One chosen by hand is remembered as it is now. */
function checkAddress(repository: Repository, remote: string): string {
  const url = pushAddress(repository, remote)
  const then = read(repository, addressKey(remote))
  if (then === undefined) {
    tryGit(repository, ['config', '--local', addressKey(remote), url])
    return url
  }
  if (then === url) return url
  throw new ProvError(
    'not-shared',
    `${escapeLine(remote)} is now ${escapeLine(url)}; it was ${escapeLine(then)} when it was chosen for provenance`,
    { hint: `git prov init --remote ${escapeLine(remote)}, if provenance may go there` },
  )
}

function noneChosen(known: readonly string[]): ProvError {
  const [first] = known.includes('origin') ? ['origin'] : known
  return new ProvError('not-shared', 'no remote has been chosen for provenance', {
    hint: first ? `git prov init --remote ${escapeLine(first)}` : 'git remote add origin <url>',
  })
}

function notChosen(asked: string, chosen: readonly string[]): ProvError {
  const there = chosen.length > 0 ? `; chosen: ${chosen.map(escapeLine).join(', ')}` : ''
  return new ProvError('not-shared', `${escapeLine(asked)} has not been chosen for provenance${there}`, {
    hint: `git prov init --remote ${escapeLine(asked)}, if provenance may go there`,
  })
}

function unknownRemote(remote: string, known: readonly string[]): ProvError {
  return new ProvError('usage', `there is no remote '${escapeLine(remote)}'`, {
    hint: known.length > 0 ? `there are: ${known.map(escapeLine).join(', ')}` : 'git remote add origin <url>',
  })
}

function read(repository: Repository, key: string): string | undefined {
  const result = tryGit(repository, ['config', '--get', key])
  return result.status === 0 ? result.stdout.toString('utf8').replace(/\n$/, '') : undefined
}

const isSet = (repository: Repository, key: string) =>
  tryGit(repository, ['config', '--type=bool', '--get', key]).stdout.toString('utf8').trim() === 'true'
