import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import { type ObjectReader, parseTree } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { type ArchiveIndex, readArchiveIndex } from '../../records/branch/archive-file.ts'
import { classifyPath } from '../../records/layout.ts'
import { localDir } from '../local/local-dir.ts'

/** An archive file on the branch. */
export interface ArchiveOnBranch {
  path: string
  digest: string
  oid: string
}

/** The archives of a branch, or of any commit of it, in the order of their digests. One look when there is none. */
export async function listArchives(objects: ObjectReader, commit: string): Promise<ArchiveOnBranch[]> {
  const top = await objects.read(`${commit}:archives`)
  if (top?.type !== 'tree') return []
  const folders = await objects.readAll(parseTree(top).map(({ oid }) => oid))
  return folders.flatMap((folder, index) => {
    if (folder?.type !== 'tree') return []
    return parseTree(folder).flatMap(({ name, oid }) => {
      const path = `archives/${parseTree(top)[index]?.name}/${name}`
      const file = classifyPath(path)
      return file?.kind === 'archive' ? [{ path, digest: file.digest, oid }] : []
    })
  })
}

/** An archive opened: what it lists and the bytes of each. Throws `record` when it is damaged. */
export async function openArchive(
  objects: ObjectReader,
  { digest, oid }: ArchiveOnBranch,
): Promise<{ index: ArchiveIndex; bytesOf(path: string): Buffer | undefined }> {
  const blob = await objects.read(oid)
  const index = readArchiveIndex(blob?.body ?? Buffer.alloc(0), digest)
  return {
    index,
    bytesOf(path) {
      const place = index.files.get(path)
      return place && blob?.body.subarray(place.start, place.end)
    },
  }
}

/** A file of the branch by its path, in its own place or in an archive. `commit` is the branch or a commit of it. */
export async function readBranchFile(
  repository: Repository,
  objects: ObjectReader,
  commit: string,
  path: string,
): Promise<Buffer | undefined> {
  const blob = await objects.read(`${commit}:${path}`)
  if (blob) return blob.type === 'blob' ? blob.body : undefined
  for (const archive of await listArchives(objects, commit)) {
    if (!(await pathsIn(repository, objects, archive)).includes(path)) continue
    return (await openArchive(objects, archive)).bytesOf(path)
  }
  return undefined
}

/** The paths an archive lists, kept in the local folder: a digest's list never changes. */
export async function pathsIn(
  repository: Repository,
  objects: ObjectReader,
  archive: ArchiveOnBranch,
): Promise<readonly string[]> {
  const file = join(localDir(repository).cache, 'archives', archive.digest)
  try {
    return readFileSync(file, 'latin1').split('\n')
  } catch {
    const { index } = await openArchive(objects, archive)
    const paths = [...index.files.keys()]
    replaceFile(file, paths.join('\n'))
    return paths
  }
}
