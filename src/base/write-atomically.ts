import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf, ProvError } from './errors.ts'

/** Writes a file the user asked for, whole or not at all. Throws `io`. */
export function writeAtomically(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(temporary, content)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw new ProvError('io', `cannot write ${path}: ${messageOf(error)}`, {
      cause: error,
      hint: `ls -ld ${dirname(path)}`,
    })
  }
}
