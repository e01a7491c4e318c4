import type { WritesAhead } from '../ledger/append/fold.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { appendEntries } from '../recording/append-entries.ts'
import { complain } from './complain.ts'
import type { Scene } from './session.ts'

/** Puts a record of a run on the ledger. False: it could not be written, which was said, and is to be tried again. */
export async function recordRun(
  scene: Pick<Scene, 'context' | 'objects'>,
  entry: Entry,
  ident: string,
  ahead: WritesAhead,
): Promise<boolean> {
  const { context, objects } = scene
  try {
    await appendEntries(context, [entry], { ident, objects, deadline: Date.now() + 10_000, ahead })
    return true
  } catch (error) {
    complain(scene, error)
    return false
  }
}
