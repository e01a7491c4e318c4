import { createHash } from 'node:crypto'
import { constants, createWriteStream } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Pack } from 'tar-stream'
import { messageOf, ProvError } from '../../base/errors.ts'

/** A file to pack. */
export interface PackedFile {
  /** Its path in the archive, with forward slashes. */
  name: string
  from: string | Buffer
  /** SHA-256 that its content must have. */
  digest?: string | undefined
}

// Time and owner are left out, so that the same files give the same bytes.
const fixed = { mtime: new Date(0), uid: 0, gid: 0 }
const chunkBytes = 1024 * 1024

/**
 * Packs files into a new .tar.gz (IEEE Std 1003.1, pax), sorted by name. Each is read once and verified while streaming,
 * with no more than a few MiB in memory. Throws `io`; the caller then removes what was written.
 */
export async function pack(files: readonly PackedFile[], target: string): Promise<void> {
  const archive = (await import('tar-stream')).pack()
  const writing = pipeline(archive, createGzip(), createWriteStream(target, { flags: 'wx' }))
  // If either fails, it stops the other; an error with a file is raised where files are added.
  const [added, written] = await Promise.allSettled([addAll(archive, files), writing])
  if (added.status === 'rejected' && added.reason instanceof ProvError) throw added.reason
  if (written.status === 'rejected') throw cannotWrite(target, written.reason)
}

async function addAll(archive: Pack, files: readonly PackedFile[]): Promise<void> {
  try {
    for (const file of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) await add(archive, file)
    archive.finalize()
  } catch (error) {
    archive.destroy(error as Error)
    throw error
  }
}

async function add(archive: Pack, { name, from, digest }: PackedFile): Promise<void> {
  // Non-blocking: what was a regular file a moment ago may be a pipe now.
  const file = await open(from, constants.O_RDONLY | constants.O_NONBLOCK).catch((error) => {
    throw new ProvError('io', `cannot read ${name}: ${messageOf(error)}`, { cause: error, hint: 'run it again' })
  })
  try {
    const found = await copyInto(archive, name, file)
    if (digest !== undefined && found !== digest) throw changed(name)
  } finally {
    await file.close()
  }
}

/** Returns the SHA-256 of what was packed. */
async function copyInto(archive: Pack, name: string, file: FileHandle): Promise<string> {
  const stat = await file.stat()
  if (!stat.isFile()) throw changed(name)
  const mode = stat.mode & 0o100 ? 0o755 : 0o644
  const sha256 = createHash('sha256')
  const entry = archive.entry({ name, mode, size: stat.size, ...fixed })
  await pipeline(
    file.createReadStream({ autoClose: false, highWaterMark: chunkBytes }),
    async function* hashing(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        sha256.update(chunk)
        yield chunk
      }
    },
    entry,
  ).catch((error) => {
    throw messageOf(error) === 'Size mismatch' ? changed(name) : error
  })
  return sha256.digest('hex')
}

const changed = (name: string) =>
  new ProvError('io', `${name} changed while it was packed`, {
    hint: 'wait until nothing writes it, then run it again',
  })

const cannotWrite = (target: string, error: unknown) =>
  new ProvError('io', `cannot write ${target}: ${messageOf(error)}`, { cause: error, hint: `df -h ${dirname(target)}` })
