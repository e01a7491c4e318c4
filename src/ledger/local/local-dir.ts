import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, ProvError } from '../../base/errors.ts'
import type { Repository } from '../../git/repository.ts'

/**
 * Where this clone keeps what is not shared: `<common git dir>/prov`. Everything in it may be deleted but the spool and
 * what was set aside; a
 * new redaction.key makes other pseudonyms from then on.
 */
export interface LocalDir {
  path: string
  spool: string
  /** Records that are not as their schemas want them: a fault of ours. */
  aside: string
  cache: string
  lock: string
}

export function localDir(repository: Repository): LocalDir {
  const path = join(repository.commonDir, 'prov')
  return {
    path,
    spool: join(path, 'spool'),
    aside: join(path, 'aside'),
    cache: join(path, 'cache'),
    lock: join(path, 'lock'),
  }
}

/** Makes a folder of it. Throws `io` with the reason. */
export function ensureDir(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw new ProvError('io', `cannot create ${path}: ${messageOf(error)}`, {
      cause: error,
      hint: 'is the git directory writable?',
    })
  }
}
