import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { SyncView } from '../share/sync-view.ts'
import type { LocalDir } from './local-dir.ts'

/** How the last sync of this clone ended, for the hook that started it and for status. */
export interface LastSync {
  view: SyncView
  /** RFC 3339. */
  time: string
}

const file = (local: LocalDir) => join(local.path, 'last-sync.json')

export function writeLastSync(local: LocalDir, last: LastSync): void {
  replaceFile(file(local), JSON.stringify(last))
}

export function readLastSync(local: LocalDir): LastSync | undefined {
  try {
    return JSON.parse(readFileSync(file(local), 'utf8')) as LastSync
  } catch {
    return undefined
  }
}
