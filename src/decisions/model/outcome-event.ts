import type { Outcome, StoredRecord } from '../../records/record.ts'

/** The indexed parts of an outcome. */
export type OutcomeEvent = Pick<
  Outcome,
  'decision' | 'revision' | 'verdict' | 'criteria' | 'failureAnalysis' | 'lesson' | 'text' | 'time'
> & { id: string; name: string; commit?: string }

/** Projection for ledger/index/kind-index.ts. */
export const outcomeEvents = {
  kind: 'outcome',
  version: 1,
  project: ({ id, record }: StoredRecord<Outcome>): OutcomeEvent => {
    const { decision, revision, verdict, criteria, failureAnalysis, lesson, text, time, agent, about } = record
    return {
      id,
      decision,
      revision,
      verdict,
      criteria,
      time,
      name: agent.name,
      ...(failureAnalysis && { failureAnalysis }),
      ...(lesson && { lesson }),
      ...(text && { text }),
      ...(about && { commit: about.commit }),
    }
  },
} as const

/** The current outcome of each decision: the last one. */
export function lastOutcomes(outcomes: readonly OutcomeEvent[]): Map<string, OutcomeEvent> {
  const last = new Map<string, OutcomeEvent>()
  for (const one of outcomes) {
    const known = last.get(one.decision)
    if (!known || one.time > known.time) last.set(one.decision, one)
  }
  return last
}
