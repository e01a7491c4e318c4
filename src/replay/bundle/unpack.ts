import { createReadStream, createWriteStream, mkdirSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Extract } from 'tar-stream'
import { messageOf, ProvError } from '../../base/errors.ts'
import { staysInside } from '../../base/inside-path.ts'
import { formatBytes } from '../../base/quantity.ts'

/** Each entry costs a name and an inode, more than its size in an archive. */
const mostFiles = 5_000_000

/**
 * Unpacks a .tar.gz (IEEE Std 1003.1, ustar and pax; GNU tar's long names and sizes) into an existing empty folder,
 * stripping the common first folder. Only regular files inside that folder, no more than fits on the disk, with no more than
 * a few MiB in memory. Throws `record` for what is not a bundle, `io` for file system errors; the caller then removes what
 * was written.
 */
export async function unpack(file: string, folder: string): Promise<void> {
  const archive = (await import('tar-stream')).extract()
  // If either fails, it stops the other.
  const reading = pipeline(createReadStream(file), createGunzip(), untilItsEnd, archive)
  const [taken, read] = await Promise.allSettled([takeAll(archive, folder), reading])
  for (const outcome of [taken, read]) if (outcome.status === 'rejected') throw asProvError(outcome.reason, file)
}

const endBytes = 1024

/** An archive ends with two blocks of zeros: without this check, one cut between two files would look complete. */
async function* untilItsEnd(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let end = Buffer.alloc(0)
  for await (const chunk of chunks) {
    yield chunk
    end = Buffer.concat([end, chunk.subarray(-endBytes)]).subarray(-endBytes)
  }
  if (end.length < endBytes || end.some((byte) => byte !== 0)) throw new RangeError('it is cut short')
}

async function takeAll(archive: Extract, folder: string): Promise<void> {
  const { bavail, bsize } = statfsSync(folder)
  let [room, files] = [bavail * bsize, 0]
  for await (const entry of archive) {
    const { name, type, size } = entry.header
    const inside = name.replace(/^[^/]+\//, '')
    if (!staysInside(name)) throw new RangeError(`it holds ${name}`)
    if (type === 'directory') entry.resume()
    else if (type !== 'file' && type !== 'contiguous-file')
      throw new RangeError(`it holds ${name}, which is not a regular file`)
    else if (inside === name || inside === '') throw new RangeError(`it holds ${name}, which is in no folder`)
    else {
      room -= size
      files += 1
      if (!(room >= 0) || files > mostFiles) throw tooLarge(folder, bavail * bsize)
      await take(entry, name, join(folder, inside))
    }
  }
}

type Entry = Extract extends AsyncIterable<infer Each> ? Each : never

async function take(entry: Entry, name: string, target: string): Promise<void> {
  const mode = entry.header.mode & 0o100 ? 0o777 : 0o666
  try {
    mkdirSync(dirname(target), { recursive: true })
    await pipeline(entry, createWriteStream(target, { flags: 'wx', mode }))
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (['EEXIST', 'ENOTDIR', 'EISDIR'].includes(code)) throw new RangeError(`it holds ${name} twice`)
    throw error
  }
}

const tooLarge = (folder: string, free: number) =>
  new ProvError('io', `the bundle holds more than there is room for in ${dirname(folder)} (${formatBytes(free)})`, {
    hint: 'TMPDIR=<folder with more room> git prov replay --bundle <file>',
  })

function asProvError(error: unknown, file: string): unknown {
  const { syscall } = error as NodeJS.ErrnoException
  if (error instanceof ProvError) return error
  if (syscall) return new ProvError('io', `cannot unpack ${file}: ${messageOf(error)}`, { cause: error, hint: 'df -h' })
  return new ProvError('record', `${file} is not a bundle: ${reasonOf(error)}`, {
    cause: error,
    hint: 'ask for it again, or make one: git prov bundle <run>',
  })
}

/** In our own words: messages of zlib and tar-stream are meant for developers. */
function reasonOf(error: unknown): string {
  const message = messageOf(error)
  if (/^unexpected end of (file|data)$/i.test(message)) return 'it is cut short'
  if (message === 'incorrect header check') return 'it is not compressed by gzip'
  if (/unknown format/.test(message)) return 'it is a form of tar from before POSIX'
  return /^Invalid (tar )?header/.test(message) ? 'the checksum of a header in it is wrong' : message
}
