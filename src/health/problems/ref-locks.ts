import { existsSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from '../../git/repository.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { fixHint, type Problem, staleAfter } from '../problem.ts'

/**
 * git never takes away the lock of a killed process. Those of our refs are judged by age or by our own lock being free;
 * that of a reftable repository, which any git may hold, by age alone. Removed only when asked to.
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

/** Undefined when there is none; in a reftable repository refs/heads is a file. */
function lockedSince(path: string): number | undefined {
  try {
    return statSync(path).mtimeMs
  } catch {
    return undefined
  }
}
