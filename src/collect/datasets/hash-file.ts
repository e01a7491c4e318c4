import { createHash } from 'node:crypto'
import { type BigIntStats, closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { fsPath } from '../../core/path-text.ts'
import { reasonOf } from './walk.ts'

const chunkBytes = 1024 * 1024
let chunk: Buffer | undefined

/** What came of hashing a file: its digest, or why there is none. `late` means the budget ran out within it. */
export type Hashed = { digest: string } | { reason: string } | { late: true }

/**
 * SHA-256 of a file, which must still be what `stat` saw when the last byte was read; else it is read once more and
 * then given up. `keepOn` is asked after each MiB of a large file and receives the bytes read since.
 */
export async function hashFile(
  path: string,
  stat: BigIntStats,
  keepOn: (bytes: number) => boolean | Promise<boolean>,
): Promise<Hashed> {
  let expected = stat
  for (let attempt = 0; attempt < 2; attempt++) {
    const result = await readOnce(path, expected, keepOn)
    if (!('now' in result)) return result
    expected = result.now
  }
  return { reason: 'changed while it was read' }
}

async function readOnce(
  path: string,
  expected: BigIntStats,
  keepOn: (bytes: number) => boolean | Promise<boolean>,
): Promise<Hashed | { now: BigIntStats }> {
  let file: number
  try {
    // Not blocking: what was a regular file a moment ago can be a pipe now.
    file = openSync(fsPath(path), constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    return { reason: reasonOf(error) }
  }
  try {
    const hash = createHash('sha256')
    chunk ??= Buffer.allocUnsafe(chunkBytes)
    for (;;) {
      const length = readSync(file, chunk, 0, chunkBytes, null)
      if (length > 0) hash.update(length === chunkBytes ? chunk : chunk.subarray(0, length))
      if (length < chunkBytes) {
        const small = expected.size < chunkBytes
        if (length === 0 || small) break
      }
      const go = keepOn(length)
      if (go !== true && !(await go)) return { late: true }
    }
    const now = fstatSync(file, { bigint: true })
    return sameFile(now, expected) ? { digest: hash.digest('hex') } : { now }
  } catch (error) {
    return { reason: reasonOf(error) }
  } finally {
    closeSync(file)
  }
}

/** Whether two looks at a file saw the same content, by what every write changes (git's racy-git rule, its stat data). */
export function sameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.ino === b.ino && a.mode === b.mode
}
