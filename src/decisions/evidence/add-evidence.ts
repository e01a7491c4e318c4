import type { Context } from '../../context.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { evidenceKey, pastStatuses } from '../model/problem.ts'
import type { DecisionView } from '../model/view.ts'
import { readHead } from './head.ts'
import { readEvidence } from './read-evidence.ts'

/** Looks up the current state of the evidence of decisions. Decisions no longer in force are skipped. */
export async function addEvidence(context: Context, views: readonly DecisionView[]): Promise<void> {
  const looked = views.filter(({ decision, status }) => decision?.evidence?.length && !pastStatuses.has(status))
  if (looked.length === 0) return
  const repository = context.repository()
  const objects = new ObjectReader(repository)
  try {
    const ledger = (await objects.read(readSettings(repository).branchRef)) !== undefined
    const head = await readHead(repository, objects)
    const drafts = looked.map(({ slug, file = '', decision }) => ({
      slug,
      file,
      digest: '',
      problems: [],
      ...(decision && { decision }),
    }))
    const { states } = await readEvidence(repository, objects, drafts, { head, ledger })
    for (const view of looked)
      view.evidence = (view.decision?.evidence ?? []).map((evidence) => ({
        evidence,
        state: states.get(evidenceKey(evidence)) ?? { state: 'unchecked', reason: 'not looked up' },
      }))
  } finally {
    objects.close()
  }
}
