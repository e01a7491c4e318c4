import { digestOf } from '../../base/digest.ts'
import { holdsOneOf } from '../../git/history/rewrite-history.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import { forgetFetched, forgetObjects } from '../../git/refs/forget.ts'
import { listRefs, moveRefs } from '../../git/refs/refs.ts'
import type { Repository } from '../../git/repository.ts'
import { git } from '../../git/run.ts'
import { readSettings } from '../local/settings.ts'
import { readRedactions } from './rewriting.ts'

export interface Purged {
  /** Objects that were taken out of this clone. */
  gone: number
  /** Objects that are still here, and the refs whose history holds redacted content. */
  kept: string[]
  holders: string[]
}

/**
 * Takes what redactions removed out of this clone's objects, too: tracking refs of the old history are dropped (a fetch
 * brings back what the remote still has), the branch's reflog is emptied, and the blobs are deleted.
 */
export async function purgeRedacted(repository: Repository): Promise<Purged> {
  const { branchRef, notesRef } = readSettings(repository)
  const objects = new ObjectReader(repository)
  try {
    const redactions = (await readRedactions(repository, objects, branchRef)).map(({ record }) => record)
    const introduced = redactions.flatMap(({ rewriting }) => rewriting?.introducedBy ?? [])
    const tracking = trackingRefs(repository)
    await dropTracking(repository, tracking, introduced)
    forgetFetched(repository)
    const sizes = new Map(
      redactions.flatMap(({ files }) => files.map(({ path, bytes }) => [digestIn(path), bytes ?? -1])),
    )
    const oids = await findBlobs(repository, objects, sizes)
    const kept = oids.length === 0 ? [] : forgetObjects(repository, oids, [branchRef, notesRef, ...tracking.keys()])
    const refs = [...listRefs(repository, ['refs/'])]
    const holders =
      kept.length === 0 ? [] : refs.filter(([, tip]) => holdsOneOf(repository, tip, introduced)).map(([ref]) => ref)
    return { gone: oids.length - kept.length, kept, holders }
  } finally {
    objects.close()
  }
}

const digestIn = (path: string) => path.slice(path.lastIndexOf('/') + 1).split('.')[0] as string

/** Refs that fetching provenance made. */
function trackingRefs(repository: Repository): Map<string, string> {
  const name = readSettings(repository).branchRef.slice('refs/heads/'.length)
  const refs = listRefs(repository, ['refs/remotes/', 'refs/prov/'])
  return new Map([...refs].filter(([ref]) => ref.endsWith(`/${name}`) || ref.startsWith('refs/prov/')))
}

async function dropTracking(
  repository: Repository,
  tracking: ReadonlyMap<string, string>,
  introduced: readonly string[],
): Promise<void> {
  const old = [...tracking].filter(([, tip]) => holdsOneOf(repository, tip, introduced))
  if (old.length === 0) return
  await moveRefs(
    repository,
    old.map(([ref, from]) => ({ ref, to: undefined, from })),
  )
}

/** Blobs of these digests anywhere in the clone, reachable or not: those of the right size are read and hashed. */
async function findBlobs(
  repository: Repository,
  objects: ObjectReader,
  sizes: ReadonlyMap<string, number>,
): Promise<string[]> {
  if (sizes.size === 0) return []
  const lengths = new Set(sizes.values())
  const listed = git(repository, ['cat-file', '--batch-all-objects', '--batch-check', '--unordered']).toString('latin1')
  const candidates = listed.split('\n').flatMap((line) => {
    const [oid, type, size] = line.split(' ')
    return type === 'blob' && lengths.has(Number(size)) ? [oid as string] : []
  })
  const found: string[] = []
  for (const oid of candidates) {
    const blob = await objects.read(oid)
    if (blob && sizes.has(digestOf(blob.body))) found.push(oid)
  }
  return found
}
