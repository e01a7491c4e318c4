import { existsSync } from 'node:fs'
import type { Context } from '../../context.ts'
import type { Repository } from '../../git/repository.ts'
import { hookPlace } from '../../install/hook-place.ts'
import { inspectHooks, installHooks } from '../../install/hooks.ts'
import { Journal } from '../../install/journal.ts'
import { localDir } from '../../ledger/local/local-dir.ts'
import { fixHint, type Problem } from '../problem.ts'

const words = {
  absent: 'is not installed',
  overwritten: 'was overwritten by another tool',
  moved: 'points to a node or a git-prov that no longer exists',
}

/** Hooks that do not call us, in a clone that was set up. */
export function hookProblems(repository: Repository, context: Context): Problem[] {
  if (!repository.workTree || !existsSync(localDir(repository).path)) return []
  const place = hookPlace(context)
  const fix = async () => void (await installHooks(repository, new Journal(localDir(repository).path), place))
  return inspectHooks(repository, place).flatMap(({ name, state }) => {
    if (state === 'installed') return []
    const message = `the hook ${words[state]}`
    return [{ code: `hook-${state}`, severity: 'warning' as const, where: name, message, hint: fixHint, fix }]
  })
}
