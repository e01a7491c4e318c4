import { existsSync, rmSync } from 'node:fs'
import type { Repository } from '../../git/repository.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import { isGone, readHolder } from '../../ledger/local/lock.ts'
import { fixHint, type Problem } from '../problem.ts'

/** Our own lock, left by a killed process. */
export function lockProblems(repository: Repository): Problem[] {
  const { lock } = localDir(repository)
  if (!existsSync(lock)) return []
  const holder = readHolder(lock)
  if (holder && !isGone(holder)) return []
  return [
    {
      code: 'stale-lock',
      severity: 'warning',
      where: 'prov/lock',
      message: 'is held by a process that no longer exists',
      hint: fixHint,
      fix: () => rmSync(lock, { force: true }),
    },
  ]
}
