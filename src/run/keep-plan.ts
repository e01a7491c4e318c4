import { type KeptEntry, keepEntry } from '../recording/keep-entry.ts'
import { complain } from './complain.ts'
import type { Plan } from './plan.ts'
import type { Session } from './session.ts'

/** A plan that a crash cannot take away any more. */
export interface KeptPlan {
  /** From now on it gets a commit of its own as soon as its command has taken more than a moment. */
  foldInBackground(): void
  /** Waits for that commit where it is being made; where it is not, the plan is left to the fold of the run's end. */
  settle(): Promise<void>
}

/** ms a command may take before its plan is folded: that of a shorter one goes onto the branch with its end. */
const moment = 1000

/**
 * Puts the plan into the spool, whole and on the disk, so that it is in the ledger before the command starts: whoever
 * folds next brings it onto the branch. A ledger that cannot be written to is said, and stands in no command's way: then
 * undefined.
 */
export async function keepPlan(session: Session, plan: Plan): Promise<KeptPlan | undefined> {
  const kept = await tryToKeep(session, plan)
  if (kept === undefined) return undefined
  let timer: NodeJS.Timeout | undefined
  let folding: Promise<unknown> = Promise.resolve()
  const fold = async () => {
    // Out of the terminal's reach: Ctrl-C is meant for the command.
    const repository = { ...session.repository, detached: true }
    const options = { ident: plan.ident, objects: session.objects, deadline: Date.now() + 10_000 }
    // Whatever fails here is met again, and told, when the end of the run is folded.
    await kept.fold(repository, options).catch(() => {})
  }
  return {
    foldInBackground: () => {
      timer = setTimeout(() => (folding = fold()), moment).unref()
    },
    settle: async () => {
      clearTimeout(timer)
      await folding
    },
  }
}

async function tryToKeep(session: Session, { entry }: Plan): Promise<KeptEntry | undefined> {
  try {
    return await keepEntry(session.context, entry)
  } catch (error) {
    complain(session, error)
    return undefined
  }
}
