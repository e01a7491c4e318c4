import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { readKind } from '../ledger/index/kind-index.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readDecisionFiles } from './draft/decision-files.ts'
import { decisionEvents } from './model/event.ts'
import { outcomeEvents } from './model/outcome-event.ts'
import { type DecisionView, foldDecisions } from './model/view.ts'

/** Every decision, from files of the work tree and records on the branch. */
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
