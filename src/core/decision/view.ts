import type { Decision, StoredRecord } from '../record.ts'
import type { DecisionDraft, DecisionFile, FollowUp } from './decision.ts'

/** A decision as it stands: its file in the work tree, and what the records say of it. Either may be missing. */
export interface DecisionView {
  slug: string
  /** Of the file, or of the last record when there is none. */
  decision?: DecisionFile
  file?: string
  /** What counts: the status the records gave it since, else the file's. */
  status: string
  revision: number
  /** The file says something else than what was recorded last. */
  edited: boolean
  /** Oldest first. */
  records: StoredRecord<Decision>[]
  problems: DecisionDraft['problems']
}

/** Folds decision files and decision records, in the order of their ids. */
export function foldDecisions(
  drafts: readonly DecisionDraft[],
  records: readonly StoredRecord<Decision>[],
): DecisionView[] {
  const bySlug = new Map<string, StoredRecord<Decision>[]>()
  for (const stored of [...records].sort(byTime)) {
    const { slug } = stored.record
    bySlug.set(slug, [...(bySlug.get(slug) ?? []), stored])
  }
  const views = drafts.map((draft) => viewOf(draft.slug, bySlug.get(draft.slug) ?? [], draft))
  const filed = new Set(drafts.map(({ slug }) => slug))
  const gone = [...bySlug].filter(([slug]) => !filed.has(slug)).map(([slug, own]) => viewOf(slug, own))
  return [...views, ...gone].sort((a, b) => (a.slug < b.slug ? -1 : a.slug > b.slug ? 1 : 0))
}

const byTime = (a: StoredRecord, b: StoredRecord) =>
  a.record.time < b.record.time ? -1 : a.record.time > b.record.time ? 1 : a.id < b.id ? -1 : 1

/** The record whose text stands: the last one that was recorded. */
function lastText(records: readonly StoredRecord<Decision>[]): StoredRecord<Decision> | undefined {
  return records.findLast(({ record }) => record.action === 'recorded')
}

function viewOf(slug: string, records: StoredRecord<Decision>[], draft?: DecisionDraft): DecisionView {
  const text = lastText(records)
  const decision = draft?.decision ?? (draft ? undefined : text?.record.decision)
  const edited = draft !== undefined && text !== undefined && draft.digest !== text.record.digest
  const last = records.at(-1)?.record
  // An action on the record counts until the file is recorded anew; an edit still to be recorded counts at once.
  const status =
    last && last.action !== 'recorded' && !edited ? last.status : (decision?.status ?? last?.status ?? 'unreadable')
  const file = draft?.file ?? text?.record.file
  return {
    slug,
    ...(decision && { decision }),
    ...(file !== undefined && { file }),
    status,
    revision: decision?.revision ?? text?.record.revision ?? 1,
    edited,
    records,
    problems: draft?.problems ?? [],
  }
}

/** Follow-ups that are not done and were due before today (a date, UTC). */
export function overdue({ decision }: Pick<DecisionView, 'decision'>, today: string): FollowUp[] {
  return (decision?.follow_ups ?? []).filter(({ due, done }) => done === undefined && due !== undefined && due < today)
}
