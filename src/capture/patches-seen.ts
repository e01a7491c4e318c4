import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../base/files.ts'
import type { Repository } from '../git/repository.ts'
import { reflogKey } from '../ledger/local/backfilled.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readSettings } from '../ledger/local/settings.ts'

/**
 * Whether patch ids are recorded for every commit made here, and a way to mark that. Reflogs list every commit made
 * here: while they are unchanged there is nothing new.
 */
export function readPatchState(repository: Repository): { isSeen: boolean; remember(): void } {
  const file = join(localDir(repository).cache, 'patched')
  const key = reflogKey(repository)
  return { isSeen: readOr(file) === key, remember: () => replaceFile(file, key) }
}

/** True also where `git prov init` never ran: there is nothing to record. */
export function arePatchesRecorded(repository: Repository): boolean {
  return readSettings(repository).since === undefined || readPatchState(repository).isSeen
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
