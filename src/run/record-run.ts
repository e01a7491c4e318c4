import type { PrestartedWrites } from '../ledger/append/fold.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { appendEntries } from '../recording/append-entries.ts'
import { complain } from './complain.ts'
import type { Session } from './session.ts'

/** Puts a record of a run on the ledger. False when it could not be written: that was reported, and is retried later. */
export async function recordRun(
  session: Pick<Session, 'context' | 'objects'>,
  entry: Entry,
  ident: string,
  prestarted: PrestartedWrites,
): Promise<boolean> {
  const { context, objects } = session
  try {
    await appendEntries(context, [entry], { ident, objects, deadline: Date.now() + 10_000, prestarted })
    return true
  } catch (error) {
    complain(session, error)
    return false
  }
}
