import { ProvError } from '../../base/errors.ts'
import { escapeLine } from '../../base/escape.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import { listRefs, moveRefs } from '../../git/refs/refs.ts'
import { transfer } from '../../git/refs/transfer.ts'
import type { Repository } from '../../git/repository.ts'
import { git, tryGit } from '../../git/run.ts'
import type { Published, StoredRecord } from '../../records/record.ts'
import { isOurs } from '../append/init.ts'
import { publicRef, readPublished } from './published.ts'

/** Another team whose published records are read here. */
export interface Origin {
  name: string
  url: string
  profile: string
}

const federatedRef = (name: string) => `refs/prov/federated/${name}`
const key = (name: string, part: string) => `provfederated.${name}.${part}`

/** The origins of this clone's configuration, by name. */
export function listOrigins(repository: Repository): Origin[] {
  const result = tryGit(repository, ['config', '--null', '--get-regexp', '^provfederated\\.'])
  const origins = new Map<string, Origin>()
  for (const entry of result.stdout.toString('utf8').split('\0').filter(Boolean)) {
    const [, name, part, value] = entry.match(/^provfederated\.([a-z0-9-]+)\.(url|profile)\n(.*)$/s) ?? []
    if (name === undefined) continue
    origins.set(name, { ...(origins.get(name) ?? { name, url: '', profile: '' }), [part as string]: value })
  }
  return [...origins.values()].filter(({ url, profile }) => url !== '' && profile !== '')
}

/** The one of that name. Throws `usage`. */
export function originNamed(repository: Repository, name: string): Origin {
  const all = listOrigins(repository)
  const one = all.find((origin) => origin.name === name)
  if (one) return one
  throw new ProvError('usage', `there is no origin '${escapeLine(name)}'`, {
    hint:
      all.length > 0
        ? `one of: ${all.map((origin) => origin.name).join(', ')}`
        : 'git prov federate add <name> <url> --profile <profile>',
  })
}

export function addOrigin(repository: Repository, { name, url, profile }: Origin): void {
  git(repository, ['config', key(name, 'url'), url])
  git(repository, ['config', key(name, 'profile'), profile])
}

export async function removeOrigin(repository: Repository, name: string): Promise<void> {
  git(repository, ['config', '--remove-section', `provfederated.${name}`])
  const tip = listRefs(repository, [federatedRef(name)]).get(federatedRef(name))
  if (tip) await moveRefs(repository, [{ ref: federatedRef(name), to: undefined, from: tip }])
}

/**
 * Fetches an origin's public branch into a ref of its own. What came is proved whole before the ref moves: every file
 * is a published record under our root. Nothing of it joins our branch. Returns how many records there are now and how
 * many were before. Throws `remote`, `not-ours`, `record`.
 */
export async function syncOrigin(
  repository: Repository,
  { name, url, profile }: Origin,
  deadline: number,
  ask: boolean,
) {
  const incoming = `refs/prov/tmp/federated-${name}`
  const args = ['--no-tags', '--no-write-fetch-head', '--no-recurse-submodules', '--end-of-options', url]
  const result = await transfer(repository, ['fetch', ...args, `+${publicRef(profile)}:${incoming}`], { deadline, ask })
  if (result.status !== 0)
    throw new ProvError('remote', `${name} has no ${publicRef(profile)} to fetch`, {
      cause: result.stderr.trim(),
      hint: `is it pushed there? git push <remote> prov-public/${profile}`,
    })
  const objects = new ObjectReader(repository)
  try {
    const refs = listRefs(repository, [incoming, federatedRef(name)])
    const [to, from] = [refs.get(incoming) as string, refs.get(federatedRef(name))]
    const before = from ? (await readPublished(repository, objects, from)).length : 0
    try {
      if (!(await isOurs(repository, to)))
        throw new ProvError('not-ours', `${name}'s ${publicRef(profile)} is not a branch git-prov made`, { hint: url })
      const records = (await readPublished(repository, objects, to)).length
      await moveRefs(repository, [{ ref: federatedRef(name), to, from }])
      return { records, before }
    } finally {
      await moveRefs(repository, [{ ref: incoming, to: undefined, from: to }])
    }
  } finally {
    objects.close()
  }
}

/** A record that was fetched from an origin. */
export interface Federated {
  origin: string
  stored: StoredRecord<Published>
}

/** What was fetched, the newest first. */
export async function readFederated(
  repository: Repository,
  objects: ObjectReader,
  names: readonly string[],
): Promise<Federated[]> {
  const refs = listRefs(repository, ['refs/prov/federated/'])
  const found: Federated[] = []
  for (const origin of names)
    if (refs.has(federatedRef(origin)))
      for (const stored of await readPublished(repository, objects, federatedRef(origin)))
        found.push({ origin, stored })
  return found.sort((a, b) => (a.stored.record.time < b.stored.record.time ? 1 : -1))
}
