import { existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from '../../git/repository.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { fixHint, type Problem, staleAfter } from '../problem.ts'

/**
 * git never removes the lock of a killed process. Locks of our refs count as stale by age, or when our own lock is
 * free; the lock of a reftable repository, which any git process may hold, by age alone. Removed only by --fix.
 */
export function refLockProblems(repository: Repository): Problem[] {
  const { branchRef, notesRef } = readSettings(repository)
  const unlocked = !existsSync(localDir(repository).lock)
  return [`${branchRef}.lock`, `${notesRef}.lock`, 'reftable/tables.list.lock'].flatMap((name) => {
    const path = join(repository.commonDir, name)
    const since = lockedSince(path)
    if (since === undefined) return []
    const isStale = Date.now() - since > staleAfter || (unlocked && !name.startsWith('reftable/'))
    return [
      {
        code: 'ref-lock',
        severity: 'warning' as const,
        where: name,
        message: 'was left by a git process that was killed',
        ...(isStale
          ? { hint: fixHint, fix: () => rmSync(path, { force: true }) }
          : { hint: 'wait for the git process that holds it' }),
      },
    ]
  })
}

/** Undefined without a lock; in a reftable repository refs/heads is a file. */
function lockedSince(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs
  } catch {
    return undefined
  }
}
