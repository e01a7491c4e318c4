import type { ObjectReader } from '../../git/objects/objects.ts'
import { maxRecordBytes } from '../../records/record.ts'

/** Blobs in batches, so that a hundred thousand do not lie in memory at once. One above the size of a record is left out. */
export async function* readBlobs<File extends { oid: string }>(
  objects: ObjectReader,
  files: readonly File[],
): AsyncGenerator<File & { body: Buffer | undefined }> {
  for (let at = 0; at < files.length; at += batch) {
    const part = files.slice(at, at + batch)
    const bodies = await objects.readAll(part.map(({ oid }) => oid))
    for (const [index, file] of part.entries()) {
      const body = bodies[index]?.body
      yield { ...file, body: body && body.length <= maxRecordBytes ? body : undefined }
    }
  }
}

const batch = 512
