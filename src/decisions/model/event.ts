import type { Decision, StoredRecord } from '../../records/record.ts'

/** The indexed parts of a decision record: all but the text and the common envelope. */
export type DecisionEvent = Pick<
  Decision,
  'slug' | 'action' | 'status' | 'revision' | 'file' | 'digest' | 'by' | 'reason' | 'pullRequest' | 'reviewers' | 'time'
> & {
  id: string
  /** The commit that brought the text, or HEAD when somebody acted. */
  commit: string
  agent: string
  title?: string
  role?: string
}

/** Projection for ledger/index/kind-index.ts. */
export const decisionEvents = {
  kind: 'decision',
  version: 1,
  project: ({ id, record }: StoredRecord<Decision>): DecisionEvent => {
    const { slug, action, status, revision, file, digest, by, reason, pullRequest, reviewers, time, decision } = record
    const { title, role } = decision ?? {}
    const optional = { file, digest, by, reason, pullRequest, reviewers, title, role }
    const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined))
    return { id, slug, action, status, revision, time, commit: record.about.commit, agent: record.agent.name, ...given }
  },
} as const

/** Events by decision, oldest first. */
export function eventsBySlug(events: readonly DecisionEvent[]): Map<string, DecisionEvent[]> {
  const sorted = [...events].sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : a.id < b.id ? -1 : 1))
  const bySlug = new Map<string, DecisionEvent[]>()
  for (const event of sorted) bySlug.set(event.slug, [...(bySlug.get(event.slug) ?? []), event])
  return bySlug
}

/** The event whose text is in force: the last recorded one. */
export function lastRecorded(events: readonly DecisionEvent[]): DecisionEvent | undefined {
  return events.findLast(({ action }) => action === 'recorded')
}
