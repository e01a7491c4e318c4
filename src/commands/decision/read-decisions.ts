import { readDecisionFiles } from '../../collect/decision-files.ts'
import type { Context } from '../../context.ts'
import { decisionEvents } from '../../core/decision/event.ts'
import { outcomeEvents } from '../../core/decision/outcome-event.ts'
import { type DecisionView, foldDecisions } from '../../core/decision/view.ts'
import { ObjectReader } from '../../git/objects.ts'
import { readKind } from '../../ledger/kind-index.ts'
import { localDir } from '../../ledger/local-dir.ts'

/** Every decision there is: files of the work tree, and what the branch says. */
export async function readDecisions(context: Context): Promise<DecisionView[]> {
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    const [drafts, events, outcomes] = await Promise.all([
      readDecisionFiles(repository, localDir(repository).cache),
      readKind(repository, objects, decisionEvents),
      readKind(repository, objects, outcomeEvents),
    ])
    return foldDecisions(drafts, events, outcomes)
  } finally {
    objects.close()
  }
}
