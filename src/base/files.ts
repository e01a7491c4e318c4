import { chmodSync, closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf, ProvError } from './errors.ts'

// rename(2): a reader sees the old file or the new one, never half of one. The library for this (write-file-atomic 8)
// requires Node 22.22, and we would use no more of it than these lines.

/**
 * Writes a file nobody depends on (a cache). The umask applies to `mode`. Returns false on failure: a cache that cannot
 * be written is not an error.
 */
export function replaceFile(path: string, content: string | Uint8Array, mode = 0o666): boolean {
  try {
    replace(path, content, { mode })
    return true
  } catch {
    return false
  }
}

/**
 * Writes a file the user asked for, completely or not at all. `mode` ignores the umask. Throws `io`, by default with a
 * hint to check the folder.
 */
export function writeAtomically(
  path: string,
  content: string | Uint8Array,
  { hint = `ls -ld ${dirname(path)}`, mode }: { hint?: string; mode?: number } = {},
): void {
  try {
    replace(path, content, { exactMode: mode })
  } catch (error) {
    throw new ProvError('io', `cannot write ${path}: ${messageOf(error)}`, { cause: error, hint })
  }
}

/** Writes a file readable only by its owner that survives a crash: on return, the file and its directory entry are on disk. */
export function writeDurably(path: string, content: string | Uint8Array): void {
  replace(path, content, { mode: 0o600, flush: true })
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

interface How {
  mode?: number
  exactMode?: number | undefined
  flush?: boolean
}

function replace(path: string, content: string | Uint8Array, { exactMode, ...how }: How): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(temporary, content, how)
    if (exactMode !== undefined) chmodSync(temporary, exactMode)
    renameSync(temporary, path)
  } catch (error) {
    remove(temporary)
    throw error
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // a file is in the way of its folder
  }
}
