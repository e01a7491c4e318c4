import type { DecisionDraft, DecisionFile, Evidence, FollowUp } from './decision.ts'
import { type DecisionEvent, eventsBySlug, lastRecorded } from './event.ts'
import { lastOutcomes, type OutcomeEvent } from './outcome-event.ts'
import type { EvidenceState } from './problem.ts'

/** A decision as it stands: its file in the work tree, and what the records say of it. Either may be missing. */
export interface DecisionView {
  slug: string
  title?: string
  role?: string
  /** Of the file; absent when there is none, or it cannot be read. */
  decision?: DecisionFile
  file?: string
  /** What counts: the status the records gave it since, else the file's. */
  status: string
  revision: number
  /** The file says something else than what was recorded last. */
  edited: boolean
  /** Oldest first. */
  events: DecisionEvent[]
  /** What came of it, when it was graded. */
  outcome?: OutcomeEvent
  /** What it rests on and how that is now, when it was looked up. */
  evidence?: { evidence: Evidence; state: EvidenceState }[]
  problems: DecisionDraft['problems']
}

/** Folds decision files and what the records say, in the order of their ids. */
export function foldDecisions(
  drafts: readonly DecisionDraft[],
  events: readonly DecisionEvent[],
  outcomes: readonly OutcomeEvent[] = [],
): DecisionView[] {
  const bySlug = eventsBySlug(events)
  const views = drafts.map((draft) => viewOf(draft.slug, bySlug.get(draft.slug) ?? [], draft))
  const filed = new Set(drafts.map(({ slug }) => slug))
  const gone = [...bySlug].filter(([slug]) => !filed.has(slug)).map(([slug, own]) => viewOf(slug, own))
  const last = lastOutcomes(outcomes)
  for (const view of [...views, ...gone]) {
    const outcome = last.get(view.slug)
    if (outcome) view.outcome = outcome
  }
  return [...views, ...gone].sort((a, b) => (a.slug < b.slug ? -1 : a.slug > b.slug ? 1 : 0))
}

function viewOf(slug: string, events: DecisionEvent[], draft?: DecisionDraft): DecisionView {
  const text = lastRecorded(events)
  const decision = draft?.decision
  const edited = draft !== undefined && text !== undefined && draft.digest !== text.digest
  const { title, role } = decision ?? text ?? {}
  const file = draft?.file ?? text?.file
  return {
    slug,
    ...(title !== undefined && { title }),
    ...(role !== undefined && { role }),
    ...(decision && { decision }),
    ...(file !== undefined && { file }),
    status: statusOf(draft, events, edited),
    revision: decision?.revision ?? text?.revision ?? 1,
    edited,
    events,
    problems: draft?.problems ?? [],
  }
}

/** What was done on the record counts until the file says otherwise: an edited file speaks for itself. */
function statusOf(draft: DecisionDraft | undefined, events: readonly DecisionEvent[], edited: boolean): string {
  const last = events.at(-1)
  if (last && (last.action !== 'recorded' || !draft) && !edited) return last.status
  return draft?.decision?.status ?? 'unreadable'
}

/** Follow-ups that are not done and were due before today (a date, UTC). */
export function overdue({ decision }: Pick<DecisionView, 'decision'>, today: string): FollowUp[] {
  return (decision?.follow_ups ?? []).filter(({ due, done }) => done === undefined && due !== undefined && due < today)
}

/** Whether something a decision rests on has changed in a way that matters. */
export function isStale({ evidence = [] }: Pick<DecisionView, 'evidence'>): boolean {
  return evidence.some(({ state }) => state.state === 'stale' && !state.minor)
}
