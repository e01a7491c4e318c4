import { createHash, hash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { fsPath } from '../../core/path-text.ts'
import { type FileState, reasonOf } from './walk.ts'

const chunkBytes = 1024 * 1024
let chunk: Buffer | undefined

/** What came of hashing a file: its digest and how it looked while it had it, or why there is none. `late` means the budget ran out within it. */
export type Hashed = { digest: string; stat: FileState } | { reason: string } | { late: true }

/** Asked after each MiB of a large file with the bytes read since; false stops. */
export type KeepOn = (bytes: number) => boolean | Promise<boolean>

/**
 * SHA-256 of a file, which must still be what `stat` saw when the last byte was read; else it is read once more and
 * then given up.
 */
export async function hashFile(path: string, stat: FileState, keepOn: KeepOn): Promise<Hashed> {
  let expected = stat
  for (let attempt = 0; attempt < 2; attempt++) {
    const small = expected.size < chunkBytes
    const result = withFile(path, (file) => (small ? readSmall(file, expected) : readLarge(file, expected, keepOn)))
    const outcome = result instanceof Promise ? await result : result
    if (!('now' in outcome)) return outcome
    expected = outcome.now
  }
  return { reason: 'changed while being read' }
}

type Attempt = Hashed | { now: FileState }

function withFile(path: string, read: (file: number) => Attempt | Promise<Attempt>): Attempt | Promise<Attempt> {
  let file: number
  try {
    // Not blocking: what was a regular file a moment ago can be a pipe now.
    file = openSync(fsPath(path), constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    return { reason: reasonOf(error) }
  }
  let result: Attempt | Promise<Attempt>
  try {
    result = read(file)
  } catch (error) {
    result = { reason: reasonOf(error) }
  }
  if (!(result instanceof Promise)) {
    closeSync(file)
    return result
  }
  return result.catch((error): Attempt => ({ reason: reasonOf(error) })).finally(() => closeSync(file))
}

/** One read: a file that was longer or shorter than expected has changed its size, which the look afterwards sees. */
function readSmall(file: number, expected: FileState): Attempt {
  chunk ??= Buffer.allocUnsafe(chunkBytes)
  const length = readSync(file, chunk, 0, Number(expected.size), null)
  const now = fstatSync(file, { bigint: true })
  if (!sameFile(now, expected) || BigInt(length) !== expected.size) return { now }
  return { digest: hash('sha256', chunk.subarray(0, length), 'hex'), stat: expected }
}

async function readLarge(file: number, expected: FileState, keepOn: KeepOn): Promise<Attempt> {
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
}

/** Whether two looks at a file saw the same content. */
function sameFile(a: FileState, b: FileState): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.ino === b.ino && a.mode === b.mode
}
