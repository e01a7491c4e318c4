import type { Finding } from '../base/finding.ts'
import type { Context } from '../context.ts'
import type { Repository } from '../git/repository.ts'

/** Something wrong with the clone, with what puts it right; without `fix` only a person can. */
export interface Problem extends Finding {
  fix?: () => Promise<void> | void
}

/** Looks for one kind of problem. */
export type FindProblems = (repository: Repository, context: Context) => Problem[] | Promise<Problem[]>

/** The hint of each problem that has a fix. */
export const fixHint = 'git prov doctor --fix'

/** ms after which what a process left behind is taken to be forgotten. */
export const staleAfter = 10 * 60 * 1000
