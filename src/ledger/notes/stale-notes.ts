import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LocalDir } from '../local/local-dir.ts'

const marker = (local: LocalDir) => join(local.path, 'notes-behind')

/** Kept while branch and notes are being moved by a join: found later, somebody was killed between the two refs. */
export function markNotesStale(local: LocalDir): void {
  writeFileSync(marker(local), '')
}

export function clearNotesStale(local: LocalDir): void {
  rmSync(marker(local), { force: true })
}

export function areNotesStale(local: LocalDir): boolean {
  return existsSync(marker(local))
}
