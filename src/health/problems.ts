import type { Context } from '../context.ts'
import type { FindProblems, Problem } from './problem.ts'
import { asideProblems } from './problems/aside.ts'
import { branchProblems } from './problems/branch.ts'
import { hookProblems } from './problems/hooks.ts'
import { lockProblems } from './problems/lock.ts'
import { notesProblems } from './problems/notes.ts'
import { refLockProblems } from './problems/ref-locks.ts'
import { replayProblems } from './problems/replays.ts'
import { spoolProblems } from './problems/spool.ts'

/**
 * The checks of doctor, in the order they are reported and fixed. A new kind of problem is one file and one line here.
 */
const checks: readonly FindProblems[] = [
  branchProblems,
  hookProblems,
  lockProblems,
  refLockProblems,
  spoolProblems,
  asideProblems,
  notesProblems,
  replayProblems,
]

export async function findProblems(context: Context): Promise<Problem[]> {
  const found: Problem[] = []
  for (const check of checks) found.push(...(await check(context.repository(), context)))
  return found
}

/** Fixes what can be fixed, one problem after another. Returns the fixed ones. */
export async function fixProblems(problems: readonly Problem[]): Promise<Problem[]> {
  const fixed: Problem[] = []
  for (const problem of problems) {
    if (!problem.fix) continue
    await problem.fix()
    fixed.push(problem)
  }
  return fixed
}
