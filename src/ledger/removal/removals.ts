import { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { removedPaths, removingKinds } from '../../records/branch/removal.ts'
import { classifyPath } from '../../records/layout.ts'
import { parseRecord } from '../../records/record.ts'
import { listFiles } from '../read/read.ts'
import { readBlobs } from '../read/read-blobs.ts'

/** A file on a branch that a record lies in. */
interface RecordFile {
  path: string
  oid: string
}

/** The paths that the archive and redaction records among some files let go. One that does not prove is not believed. */
export async function readRemovals(objects: ObjectReader, files: readonly RecordFile[]): Promise<Set<string>> {
  const named = new Set<string>()
  const removing = files.filter(({ path }) => removingKinds.some((kind) => path.startsWith(`records/${kind}/`)))
  for await (const { path, body } of readBlobs(objects, removing)) {
    for (const gone of removalsIn(path, body)) named.add(gone)
  }
  return named
}

/** All that the records of a branch, or of a commit of it, let go; those of some kinds, or of both. */
export async function readLetGo(
  repository: Repository,
  commit: string,
  kinds: readonly string[] = removingKinds,
): Promise<Set<string>> {
  const folders = kinds.map((kind) => `records/${kind}/`)
  const files = listFiles(repository, commit, folders)
  if (files.length === 0) return new Set()
  const objects = new ObjectReader(repository)
  try {
    return await readRemovals(objects, files)
  } finally {
    objects.close()
  }
}

/** The ids of the records that were taken out for good. */
export async function readRedacted(repository: Repository, commit: string): Promise<Set<string>> {
  const paths = await readLetGo(repository, commit, ['redaction'])
  return new Set([...paths].map((path) => path.slice(path.lastIndexOf('/') + 1, -'.json'.length)))
}

function removalsIn(path: string, body: Buffer | undefined): string[] {
  const file = classifyPath(path)
  if (file?.kind !== 'record' || !body) return []
  try {
    return removedPaths(parseRecord(body, file.id).record)
  } catch {
    return []
  }
}
