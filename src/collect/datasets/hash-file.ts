import { createHash, hash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { fsPath } from '../../base/path-text.ts'
import { type FileState, reasonOf } from './walk.ts'

const chunkBytes = 1024 * 1024
let chunk: Buffer | undefined

/** What came of hashing a file: its digest and how it looked while it had it, or why there is none. `late` means the budget ran out within it. */
export type Hashed = { digest: string; stat: FileState } | { reason: string } | { late: true }

/** Asked after each MiB of a large file with the bytes read since; false stops. */
export type KeepOn = (bytes: number) => boolean | Promise<boolean>

type Attempt = Hashed | { now: FileState }

/**
 * SHA-256 of a file, which must still be what `stat` saw when the last byte was read; else it is read once more and
 * then given up. A small file is done at once: a promise for each costs a tenth of reading it.
 */
export function hashFile(path: string, stat: FileState, keepOn: KeepOn): Hashed | Promise<Hashed> {
  if (stat.size >= chunkBytes) return hashLarge(path, stat, keepOn)
  const first = readSmall(path, stat)
  if (!('now' in first)) return first
  return first.now.size >= chunkBytes ? hashLarge(path, first.now, keepOn) : settle(readSmall(path, first.now))
}

async function hashLarge(path: string, stat: FileState, keepOn: KeepOn): Promise<Hashed> {
  const first = await readLarge(path, stat, keepOn)
  return 'now' in first ? settle(await readLarge(path, first.now, keepOn)) : first
}

function settle(attempt: Attempt): Hashed {
  return 'now' in attempt ? { reason: 'changed while being read' } : attempt
}

// Not blocking: what was a regular file a moment ago can be a pipe now.
const flags = constants.O_RDONLY | constants.O_NONBLOCK

/** One read: a file that was longer or shorter than expected has changed its size, which the look afterwards sees. */
function readSmall(path: string, expected: FileState): Attempt {
  let file: number | undefined
  try {
    file = openSync(fsPath(path), flags)
    chunk ??= Buffer.allocUnsafe(chunkBytes)
    const length = readSync(file, chunk, 0, Number(expected.size), null)
    const now = fstatSync(file, { bigint: true })
    if (!sameFile(now, expected) || length !== Number(expected.size)) return { now }
    return { digest: hash('sha256', chunk.subarray(0, length), 'hex'), stat: expected }
  } catch (error) {
    return { reason: reasonOf(error) }
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

async function readLarge(path: string, expected: FileState, keepOn: KeepOn): Promise<Attempt> {
  let file: number | undefined
  try {
    file = openSync(fsPath(path), flags)
    chunk ??= Buffer.allocUnsafe(chunkBytes)
    const sha256 = createHash('sha256')
    for (let length = -1; length !== 0; ) {
      length = readSync(file, chunk, 0, chunkBytes, null)
      if (length > 0) sha256.update(length === chunkBytes ? chunk : chunk.subarray(0, length))
      const go = keepOn(length)
      if (go !== true && !(await go)) return { late: true }
    }
    const now = fstatSync(file, { bigint: true })
    return sameFile(now, expected) ? { digest: sha256.digest('hex'), stat: expected } : { now }
  } catch (error) {
    return { reason: reasonOf(error) }
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

/** Whether two looks at a file saw the same content. */
function sameFile(a: FileState, b: FileState): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.ino === b.ino && a.mode === b.mode
}
