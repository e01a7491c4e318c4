import { constants, cpSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

/** Copies on write where the file system can; follows links, since only the content matters. */
export function copy(from: string, to: string): void {
  try {
    rmSync(to, { recursive: true, force: true })
    mkdirSync(dirname(to), { recursive: true })
    cpSync(from, to, { recursive: true, dereference: true, mode: constants.COPYFILE_FICLONE, preserveTimestamps: true })
  } catch {
    // A bad copy shows in the digest.
  }
}
