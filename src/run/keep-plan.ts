import { foldSpool } from '../ledger/append/fold.ts'
import { writeSpool } from '../ledger/append/spool.ts'
import { complain } from './append.ts'
import type { Plan } from './plan.ts'
import type { Scene } from './session.ts'

/** A plan that a crash cannot take away any more. */
export interface KeptPlan {
  /** From now on it gets a commit of its own as soon as its command has taken more than a moment. */
  foldBehind(): void
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
export function keepPlan(scene: Scene, plan: Plan): KeptPlan | undefined {
  const path = trySpool(scene, plan)
  if (path === undefined) return undefined
  let timer: NodeJS.Timeout | undefined
  let folding: Promise<unknown> = Promise.resolve()
  const fold = async () => {
    // Out of the terminal's reach: Ctrl-C is meant for the command.
    const repository = { ...scene.repository, apart: true }
    const options = { ident: plan.ident, objects: scene.objects, deadline: Date.now() + 10_000 }
    // Whatever fails here is met again, and told, when the end of the run is folded.
    await foldSpool(repository, options, path).catch(() => {})
  }
  return {
    foldBehind: () => {
      timer = setTimeout(() => (folding = fold()), moment).unref()
    },
    settle: async () => {
      clearTimeout(timer)
      await folding
    },
  }
}

function trySpool(scene: Scene, { entry }: Plan): string | undefined {
  try {
    return writeSpool(scene.local, [entry])
  } catch (error) {
    complain(scene, error)
    return undefined
  }
}
