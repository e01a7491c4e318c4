import { messageOf, ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { sayOnce } from './say-once.ts'

/** Called when a commit on the branch could not be signed: a locked key must not block the user's commit in a hook. */
export const reportUnsigned = (context: Context) => (reason: string) =>
  sayOnce(context, `not signed: ${reason}; git prov seal`)

/** Reports that a record is still in the spool: the lock was taken, or the fold failed. */
export function reportKept(context: Context, error?: unknown): void {
  sayOnce(context, `kept; ${error === undefined ? 'the ledger is busy' : causeOf(error)}; the next command folds it`)
}

/** An error's message with the first line of its cause. */
export function causeOf(error: unknown): string {
  const cause = error instanceof ProvError && typeof error.cause === 'string' ? ` (${error.cause.split('\n')[0]})` : ''
  return `${messageOf(error)}${cause}`
}
