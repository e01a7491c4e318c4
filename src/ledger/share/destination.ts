import { ProvError } from '../../base/errors.ts'
import { escapeLine } from '../../base/escape.ts'
import { pushAddress, withoutPassword } from '../../git/refs/remotes.ts'
import type { Repository } from '../../git/repository.ts'
import { tryGit } from '../../git/run.ts'
import { readSettings } from '../local/settings.ts'

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
  const { remotes: known, rewritten } = readRemotes(repository)
  const names = [...known].flatMap(([name, { urls }]) => (urls.length > 0 ? [name] : []))
  if (asked !== undefined && !names.includes(asked)) throw unknownRemote(asked, names)
  if (asked !== undefined && !chosen.includes(asked)) throw notChosen(asked, chosen)
  if (chosen.length === 0) throw noneChosen(names)
  return (asked === undefined ? chosen : [asked]).map((remote) => {
    const marks = known.get(remote)
    if (!marks || marks.urls.length === 0) throw unknownRemote(remote, names)
    const plain = marks.pushUrls.length > 0 ? marks.pushUrls : marks.urls
    const url = rewritten ? pushAddress(repository, remote) : plain.map(withoutPassword).join(' ')
    return { remote, url: checkAddress(repository, remote, url, marks.address), only: marks.only }
  })
}

/** What the configuration says of a remote. */
interface Marks {
  urls: string[]
  pushUrls: string[]
  /** Where it pointed when it was chosen. */
  address?: string
  only: boolean
}

interface Remotes {
  remotes: Map<string, Marks>
  /** Addresses are rewritten by url.<base>.insteadOf or pushInsteadOf: only git knows what becomes of one. */
  rewritten: boolean
}

/** One process for all that is to be known. */
function readRemotes(repository: Repository): Remotes {
  const keys = '^(remote\\..*\\.(url|pushurl|provurl|provonly)|url\\..*\\.(insteadof|pushinsteadof))$'
  const entries = tryGit(repository, ['config', '--null', '--get-regexp', keys]).stdout.toString('utf8').split('\0')
  const remotes = new Map<string, Marks>()
  for (const entry of entries) {
    const match = entry.match(/^remote\.(.*)\.(url|pushurl|provurl|provonly)\n(.*)$/s)
    if (!match) continue
    const [, name, key, value] = match as unknown as [string, string, string, string]
    const marks: Marks = remotes.get(name) ?? { urls: [], pushUrls: [], only: false }
    if (key === 'url') marks.urls.push(value)
    else if (key === 'pushurl') marks.pushUrls.push(value)
    else if (key === 'provurl') marks.address = value
    else marks.only = value === 'true'
    remotes.set(name, marks)
  }
  return { remotes, rewritten: entries.some((entry) => entry.startsWith('url.')) }
}

/** The remote's address, which must be the one it had when it was chosen. One chosen by hand is remembered as it is now. */
function checkAddress(repository: Repository, remote: string, url: string, then: string | undefined): string {
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
    hint: known.length > 0 ? `one of: ${known.map(escapeLine).join(', ')}` : 'git remote add origin <url>',
  })
}
