import { messageOf, ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { sayOnce } from './say-once.ts'

/** What to call when a commit on the branch could not be signed: a key that is locked while a hook runs must not hold up a commit. */
export const reportUnsigned = (context: Context) => (reason: string) =>
  sayOnce(context, `not signed: ${reason}; git prov seal`)

/** What was written lies in the spool: the lock could not be had, or a fold of it failed. */
export function reportKept(context: Context, error?: unknown): void {
  sayOnce(context, `kept; ${error === undefined ? 'the ledger is busy' : causeOf(error)}; the next command folds it`)
}

/** An error with the first line of what caused it. */
export function causeOf(error: unknown): string {
  const cause = error instanceof ProvError && typeof error.cause === 'string' ? ` (${error.cause.split('\n')[0]})` : ''
  return `${messageOf(error)}${cause}`
}
