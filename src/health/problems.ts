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

/** What doctor looks at, in the order it tells of it, and fixes it. A new kind of problem is a file and a line here. */
const looks: readonly FindProblems[] = [
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
  for (const look of looks) found.push(...(await look(context.repository(), context)))
  return found
}

/** Fixes what can be fixed, one after the other. Returns the problems that were. */
export async function fixProblems(problems: readonly Problem[]): Promise<Problem[]> {
  const fixed: Problem[] = []
  for (const problem of problems) {
    if (!problem.fix) continue
    await problem.fix()
    fixed.push(problem)
  }
  return fixed
}
