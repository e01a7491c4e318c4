import type { Context } from '../context.ts'
import { readEvidence } from '../decisions/evidence/read-evidence.ts'
import { lastRecorded } from '../decisions/model/event.ts'
import { parseDecision } from '../decisions/model/parse.ts'
import { type CheckFacts, evidenceKey, pastStatuses, type Readable, readable } from '../decisions/model/problem.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { readKind } from '../ledger/index/kind-index.ts'
import { reviewEvents, verdicts } from '../records/review.ts'
import type { PullRequestDecision } from './pull-request.ts'

/** Decisions that a change proposes or accepts, and those that rest on what it replaces. */
export async function decisionsOf(
  context: Context,
  objects: ObjectReader,
  facts: CheckFacts,
  from: string,
): Promise<PullRequestDecision[]> {
  const changed = new Set(facts.change?.files ?? [])
  const own = readable(facts).filter(({ file }) => changed.has(file))
  const reviews = await readKind(context.repository(), objects, reviewEvents)
  const touched = await Promise.all(
    own.map(async ({ file, slug, digest, decision }): Promise<PullRequestDecision> => {
      const before = await statusBefore(objects, from, file)
      const approving = verdicts(reviews.filter(({ of }) => of === `file:${digest}`)).filter(
        ({ verdict }) => verdict === 'approve',
      )
      const part =
        decision.status === before
          ? 'other'
          : decision.status === 'accepted' || decision.status === 'proposed'
            ? decision.status
            : 'other'
      return {
        slug,
        title: decision.title,
        status: decision.status,
        part,
        reviewers: approving.map(({ name }) => name),
        reasons: [],
      }
    }),
  )
  return [...touched, ...(await madeStale(context, objects, facts, changed))]
}

async function statusBefore(objects: ObjectReader, from: string, file: string): Promise<string | undefined> {
  const blob = await objects.read(`${from}:${file}`)
  return blob?.type === 'blob' ? (await parseDecision(blob.body, file)).decision?.status : undefined
}

/** Decisions that this change leaves alone and whose evidence is stale at HEAD. */
async function madeStale(
  context: Context,
  objects: ObjectReader,
  facts: CheckFacts,
  changed: ReadonlySet<string>,
): Promise<PullRequestDecision[]> {
  const others = facts.drafts.filter(
    (draft): draft is Readable =>
      draft.decision !== undefined && !changed.has(draft.file) && !pastStatuses.has(draft.decision.status),
  )
  if (others.length === 0) return []
  const head = facts.change?.commits[0] ?? facts.head
  const { states } = await readEvidence(context.repository(), objects, others, { head, ledger: facts.ledger })
  return others.flatMap(({ slug, decision }): PullRequestDecision[] => {
    const reasons = (decision.evidence ?? []).flatMap((evidence) => {
      const state = states.get(evidenceKey(evidence))
      return state?.state === 'stale' && !state.minor ? [state.reason] : []
    })
    if (reasons.length === 0) return []
    const reviewers = (lastRecorded(facts.events.get(slug) ?? [])?.reviewers ?? []).map(({ name }) => name)
    return [{ slug, title: decision.title, status: decision.status, part: 'stale', reviewers, reasons }]
  })
}
