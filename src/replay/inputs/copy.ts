import { constants, cpSync, mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'

/** Copy on write where the file system can; a link is followed, its content is what counts. */
export function copy(from: string, to: string): void {
  try {
    rmSync(to, { recursive: true, force: true })
    mkdirSync(dirname(to), { recursive: true })
    cpSync(from, to, { recursive: true, dereference: true, mode: constants.COPYFILE_FICLONE, preserveTimestamps: true })
  } catch {
    // The digest will tell.
  }
}
