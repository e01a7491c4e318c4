import type { Finding } from '../base/finding.ts'
import type { Context } from '../context.ts'
import type { Repository } from '../git/repository.ts'

/** Something wrong with the clone, and its fix; without `fix` only a person can put it right. */
export interface Problem extends Finding {
  fix?: () => Promise<void> | void
}

/** Looks for one kind of problem. */
export type FindProblems = (repository: Repository, context: Context) => Problem[] | Promise<Problem[]>

/** The hint of every problem that has a fix. */
export const fixHint = 'git prov doctor --fix'

/** ms after which files that a process left behind count as abandoned. */
export const staleAfter = 10 * 60 * 1000
