import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../core/replace-file.ts'
import type { ObjectReader } from '../git/objects.ts'
import type { Repository } from '../git/repository.ts'
import { joinRefs } from './join.ts'
import { localDir } from './local-dir.ts'
import { readSettings } from './settings.ts'
import { trackingRef, unjoined } from './sources.ts'

/**
 * Joins what a plain `git fetch` or `git pull` has brought since a command last looked. Costs a read when nothing came.
 * Returns the records that came.
 */
export async function joinNews(repository: Repository, objects: ObjectReader): Promise<number> {
  const { remotes } = readSettings(repository)
  const refs = (remotes.length > 0 ? remotes : ['origin']).map((remote) => trackingRef(repository, remote))
  const tips = (await objects.readAll(refs)).map((tip) => tip?.oid ?? '').join(' ')
  const file = join(localDir(repository).cache, 'heard')
  if (tips.trim() === '' || tips === readOr(file)) return 0
  const joined = await joinRefs(repository, objects, unjoined(repository), Date.now() + 5000)
  replaceFile(file, tips)
  return joined.reduce((sum, { records }) => sum + records, 0)
}

function readOr(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
