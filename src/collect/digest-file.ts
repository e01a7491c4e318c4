import { lstatSync, readlinkSync } from 'node:fs'
import { digestOf } from '../base/digest.ts'
import { fsPath } from '../base/path-text.ts'
import { hashFile } from './datasets/hash-file.ts'
import { reasonOf } from './datasets/walk.ts'

/** A single file as it lies: its SHA-256 and size, or why there is none. */
export type DigestedFile =
  | { state: 'complete'; digest: string; bytes: number }
  | { state: 'incomplete' | 'missing'; reason: string }

/** Of a symbolic link, as git has it: the text it holds. `path` is absolute, a byte string. Never throws. */
export async function digestFile(path: string, signal: AbortSignal): Promise<DigestedFile> {
  try {
    const stat = lstatSync(fsPath(path), { bigint: true })
    if (stat.isSymbolicLink()) {
      const target = readlinkSync(fsPath(path), 'buffer')
      return { state: 'complete', digest: digestOf(target), bytes: target.length }
    }
    if (!stat.isFile()) return { state: 'incomplete', reason: 'not a regular file' }
    const hashed = await hashFile(path, stat, () => !signal.aborted)
    if ('digest' in hashed) return { state: 'complete', digest: hashed.digest, bytes: Number(hashed.stat.size) }
    return { state: 'incomplete', reason: 'reason' in hashed ? hashed.reason : 'not read: interrupted' }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT'
      ? { state: 'missing', reason: 'gone again' }
      : { state: 'incomplete', reason: reasonOf(error) }
  }
}
