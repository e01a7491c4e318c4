import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { type Federated, listOrigins, type Origin, originNamed, readFederated } from '../ledger/read/federated.ts'

/** An origin as typed. Throws `usage` when a part is missing, and for names unsafe in a path or for git. */
export function parseOrigin(name: string | undefined, url: string | undefined, profile: string | undefined): Origin {
  if (!name || !url || !profile)
    throw new ProvError('usage', 'federate add takes a name, a URL and --profile', { hint: 'git prov help federate' })
  const isName = (text: string) => /^[a-z0-9][a-z0-9-]{0,63}$/.test(text)
  if (!isName(name) || !isName(profile) || url.startsWith('-') || /[\n\0]/.test(url))
    throw new ProvError('usage', 'names and profiles may have only lower-case letters, digits and -', {
      hint: 'git prov help federate',
    })
  return { name, url, profile }
}

/** The records fetched from one origin, or from all. Throws `usage` for an unknown origin. */
export async function gatherFederated(repository: Repository, name: string | undefined): Promise<Federated[]> {
  const names =
    name === undefined ? listOrigins(repository).map((origin) => origin.name) : [originNamed(repository, name).name]
  const objects = new ObjectReader(repository)
  return await readFederated(repository, objects, names).finally(() => objects.close())
}

/** The one record whose id has this prefix. Throws `unknown-revision` or `ambiguous`. */
export async function findFederated(repository: Repository, prefix: string): Promise<Federated> {
  const meant = /^[0-9a-f]{4,64}$/.test(prefix)
    ? (await gatherFederated(repository, undefined)).filter(({ stored }) => stored.id.startsWith(prefix))
    : []
  const [one] = meant
  if (!one)
    throw new ProvError('unknown-revision', `'${escapeLine(prefix)}' is not a record fetched from an origin`, {
      hint: 'git prov federate log',
    })
  if (meant.length > 1)
    throw new ProvError('ambiguous', `${prefix} names ${meant.length} records`, {
      hint: meant
        .slice(0, 8)
        .map(({ stored }) => stored.id.slice(0, 16))
        .join(' '),
    })
  return one
}
