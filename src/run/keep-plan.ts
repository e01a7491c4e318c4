import { type KeptEntry, keepEntry } from '../recording/keep-entry.ts'
import { complain } from './complain.ts'
import type { Plan } from './plan.ts'
import type { Session } from './session.ts'

/** A plan that survives a crash. */
export interface KeptPlan {
  /** Folds the plan into a commit of its own once the command has run for longer than a moment. */
  foldInBackground(): void
  /** Waits for that commit if it is being made; if not, the plan is folded with the end of the run. */
  settle(): Promise<void>
}

/** ms a command may take before its plan is folded; a shorter run puts plan and end on the branch together. */
const moment = 1000

/**
 * Writes the plan to the spool and syncs it to disk, so that it is in the ledger before the command starts; the next fold
 * moves it to the branch. Undefined when the ledger cannot be written to: that is reported, and the command still runs.
 */
export async function keepPlan(session: Session, plan: Plan): Promise<KeptPlan | undefined> {
  const kept = await tryToKeep(session, plan)
  if (kept === undefined) return undefined
  let timer: NodeJS.Timeout | undefined
  let folding: Promise<unknown> = Promise.resolve()
  const fold = async () => {
    // Detached from the terminal: Ctrl-C is meant for the command.
    const repository = { ...session.repository, detached: true }
    const options = { ident: plan.ident, objects: session.objects, deadline: Date.now() + 10_000 }
    // Whatever fails here fails again, and is reported, when the end of the run is folded.
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
