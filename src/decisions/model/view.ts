import type { DecisionDraft, DecisionFile, Evidence, FollowUp } from './decision.ts'
import { type DecisionEvent, eventsBySlug, lastRecorded } from './event.ts'
import { lastOutcomes, type OutcomeEvent } from './outcome-event.ts'
import type { EvidenceState } from './problem.ts'

/** The current state of a decision: its file in the work tree, and its records. Either may be missing. */
export interface DecisionView {
  slug: string
  title?: string
  role?: string
  /** From the file; absent when there is none, or it cannot be read. */
  decision?: DecisionFile
  file?: string
  /** The effective status: the one records gave it since, else the file's. */
  status: string
  revision: number
  /** The file differs from the text recorded last. */
  edited: boolean
  /** Oldest first. */
  events: DecisionEvent[]
  /** How it turned out, once graded. */
  outcome?: OutcomeEvent
  /** Its evidence with the current state, when that was looked up. */
  evidence?: { evidence: Evidence; state: EvidenceState }[]
  problems: DecisionDraft['problems']
}

/** Combines decision files with their records, sorted by id. */
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

/** A recorded action counts until the file is edited: then the file's own status does. */
function statusOf(draft: DecisionDraft | undefined, events: readonly DecisionEvent[], edited: boolean): string {
  const last = events.at(-1)
  if (last && (last.action !== 'recorded' || !draft) && !edited) return last.status
  return draft?.decision?.status ?? 'unreadable'
}

/** Follow-ups that are not done and were due before today (a UTC date). */
export function overdue({ decision }: Pick<DecisionView, 'decision'>, today: string): FollowUp[] {
  return (decision?.follow_ups ?? []).filter(({ due, done }) => done === undefined && due !== undefined && due < today)
}

/** Whether the evidence of a decision has changed in a way that matters. */
export function isStale({ evidence = [] }: Pick<DecisionView, 'evidence'>): boolean {
  return evidence.some(({ state }) => state.state === 'stale' && !state.minor)
}
