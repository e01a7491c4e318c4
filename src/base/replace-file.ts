import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Writes a file nobody depends on (a cache) by a new name and a rename, so that a reader never sees half of it.
 * `mode` is less the umask. Returns false when the file system refuses; a cache that cannot be written is no error.
 */
export function replaceFile(path: string, content: string | Uint8Array, mode = 0o666): boolean {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(temporary, content, { mode })
    renameSync(temporary, path)
    return true
  } catch {
    remove(temporary)
    return false
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true })
  } catch {
    // a file stands where its folder should
  }
}
