import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { recordPath } from '../../records/layout.ts'
import { type ProvRecord, parseRecord, type StoredRecord } from '../../records/record.ts'
import { localDir } from '../local/local-dir.ts'
import { readSettings } from '../local/settings.ts'
import { type BranchEntry, listBranch, readArchived } from '../read/read.ts'

/** What is cached of each record of a kind. */
export interface KindProjection<R extends ProvRecord, T> {
  kind: R['kind']
  /** Must change whenever `project` does. */
  version: number
  project(stored: StoredRecord<R>): T
}

interface Kept<T> {
  version: string
  /** Names of the trees of the kind's records and of archives: if they are the same, so are the records. */
  tree: string
  /** By the blob of the record. */
  records: Record<string, T>
}

declare const __VERSION__: string

/**
 * Projects every record of a kind rare enough to be read completely (decisions, waivers, reviews), in path order. Cached in
 * the local folder by the name of the kind's tree: until such a record is added, this costs one object read however many
 * records there are. Damaged records are left out: `git prov verify` reports them.
 */
export async function readKind<R extends ProvRecord, T>(
  repository: Repository,
  objects: ObjectReader,
  projection: KindProjection<R, T>,
): Promise<T[]> {
  const { kind, project } = projection
  const version = `${__VERSION__}/${projection.version}`
  const { branchRef } = readSettings(repository)
  const [single, archives] = await objects.readAll([`${branchRef}:records/${kind}`, `${branchRef}:archives`])
  if (single?.type !== 'tree' && archives?.type !== 'tree') return []
  const tree = `${single?.oid ?? ''} ${archives?.oid ?? ''}`
  const file = join(localDir(repository).cache, `kind-${kind}.json`)
  const kept = readKept<T>(file, version)
  if (kept?.tree === tree) return Object.values(kept.records)
  const records: Record<string, T> = {}
  for await (const outcome of readArchived(repository, objects, [`records/${kind}/`])) {
    if ('stored' in outcome && isOf(outcome.stored, kind, outcome.entry.path))
      records[outcome.stored.id] = project(outcome.stored as StoredRecord<R>)
  }
  for await (const entry of listBranch(repository, [`records/${kind}/`])) {
    const known = kept?.records[entry.oid] ?? (await readOne(objects, entry, projection))
    if (known !== undefined) records[entry.oid] = known
  }
  replaceFile(file, JSON.stringify({ version, tree, records }))
  return Object.values(records)
}

function readKept<T>(file: string, version: string): Kept<T> | undefined {
  try {
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Kept<T>
    return kept.version === version ? kept : undefined
  } catch {
    return undefined
  }
}

async function readOne<R extends ProvRecord, T>(
  objects: ObjectReader,
  { oid, path, size }: BranchEntry,
  { kind, project }: KindProjection<R, T>,
): Promise<T | undefined> {
  const blob = size > maxBytes ? undefined : await objects.read(oid)
  try {
    const id = path.slice(path.lastIndexOf('/') + 1, -'.json'.length)
    const stored = blob && parseRecord(blob.body, id)
    return stored && isOf(stored, kind, path) ? project(stored as StoredRecord<R>) : undefined
  } catch {
    return undefined
  }
}

const isOf = ({ id, record }: StoredRecord, kind: string, path: string) =>
  record.kind === kind && recordPath(kind, record.time, id) === path

const maxBytes = 1024 * 1024
