import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { LocalDir } from './local-dir.ts'

const file = (local: LocalDir) => join(local.path, 'clone-id')

/** The name of this clone's inbox on a remote. It says nothing of whose clone it is. */
export function cloneId(local: LocalDir): string {
  try {
    const id = readFileSync(file(local), 'utf8').trim()
    if (/^[0-9a-f]{16}$/.test(id)) return id
  } catch {
    // none yet
  }
  return renewCloneId(local)
}

/** A new one: a folder copied with its git dir would write to the same inbox as the clone it was copied from. */
export function renewCloneId(local: LocalDir): string {
  const id = randomBytes(8).toString('hex')
  replaceFile(file(local), `${id}\n`)
  return id
}
