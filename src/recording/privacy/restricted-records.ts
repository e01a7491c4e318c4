import { ProvError } from '../../base/errors.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { findNamed } from '../../ledger/read/find-record.ts'
import { readRecords } from '../../ledger/read/read.ts'
import type { Restricted, StoredRecord } from '../../records/record.ts'
import { latestOf } from '../../records/restricted.ts'

/** Every restricted record of the ledger. */
export async function readRestricted(repository: Repository): Promise<StoredRecord<Restricted>[]> {
  const found: StoredRecord<Restricted>[] = []
  for await (const outcome of readRecords(repository, ['restricted']))
    if ('stored' in outcome && outcome.stored.record.kind === 'restricted')
      found.push(outcome.stored as StoredRecord<Restricted>)
  return found
}

/** The records that no other supersedes. */
export function currentOf(all: readonly StoredRecord<Restricted>[]): StoredRecord<Restricted>[] {
  const superseded = new Set(
    all.flatMap(({ record }) => record.links.flatMap(({ rel, to }) => (rel === 'supersedes' ? [to] : []))),
  )
  return all.filter(({ id }) => !superseded.has(`record:${id}`))
}

/**
 * The restricted records a word names: one by its id, in its current encryption, or all those of a run, a commit's capture
 * or another record, newest first. Throws `unknown-revision`, `ambiguous`.
 */
export async function restrictedOf(
  repository: Repository,
  objects: ObjectReader,
  word: string,
): Promise<StoredRecord<Restricted>[]> {
  const all = await readRestricted(repository)
  if (/^[0-9a-f]{4,64}$/.test(word) && all.some(({ id }) => id.startsWith(word))) return [pickRestricted(all, word)]
  const named = await findNamed(repository, objects, word).catch((error) => {
    if (error instanceof ProvError && error.code === 'unknown-revision') return undefined
    throw error
  })
  const { stored, run } = named ?? {}
  const links = [stored, run?.planned, run?.finished].flatMap((one) => (one ? [`record:${one.id}`] : []))
  const found = currentOf(all).filter(({ record }) =>
    record.links.some(({ rel, to }) => rel === 'annotates' && links.includes(to)),
  )
  if (found.length === 0) return [pickRestricted(all, word)]
  return found.sort((a, b) => (a.record.time < b.record.time ? 1 : -1))
}

/** The record a prefix names, in its current encryption. Throws `unknown-revision`, `ambiguous`. */
export function pickRestricted(all: readonly StoredRecord<Restricted>[], prefix: string): StoredRecord<Restricted> {
  const meant = /^[0-9a-f]{4,64}$/.test(prefix) ? all.filter(({ id }) => id.startsWith(prefix)) : []
  if (meant.length > 1)
    throw new ProvError('ambiguous', `${prefix} names ${meant.length} restricted records`, {
      hint: `type more digits: ${meant
        .slice(0, 10)
        .map(({ id }) => id.slice(0, 16))
        .join(' ')}`,
    })
  const [one] = meant
  const latest = one && latestOf(all, one.id)
  if (latest) return latest
  throw new ProvError('unknown-revision', `'${prefix}' is not a restricted record here`, {
    hint:
      all.length > 0
        ? `one of: ${all
            .slice(0, 10)
            .map(({ id }) => id.slice(0, 12))
            .join(' ')}`
        : 'git prov restrict makes one',
  })
}
