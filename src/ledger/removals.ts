import { classifyPath } from '../core/layout.ts'
import { parseRecord } from '../core/record.ts'
import { removedPaths, removingKinds } from '../core/removal.ts'
import type { ObjectReader } from '../git/objects.ts'
import { readBlobs } from './read-blobs.ts'

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

function removalsIn(path: string, body: Buffer | undefined): string[] {
  const file = classifyPath(path)
  if (file?.kind !== 'record' || !body) return []
  try {
    return removedPaths(parseRecord(body, file.id).record)
  } catch {
    return []
  }
}
