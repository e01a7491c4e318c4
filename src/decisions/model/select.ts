import { type DecisionView, overdue } from './view.ts'

/** Filters of a list of decisions; absent ones do not apply. */
export interface DecisionFilter {
  status?: string
  role?: string
  /** Part of a name or email address, ignoring case, of a decider or a follow-up's owner. */
  owner?: string
  overdue?: boolean
}

/** Whether a decision passes every filter. `today` is a UTC date. */
export function isWanted(view: DecisionView, filter: DecisionFilter, today: string): boolean {
  if (filter.status !== undefined && view.status !== filter.status) return false
  if (filter.role !== undefined && view.role !== filter.role) return false
  if (filter.overdue && overdue(view, today).length === 0) return false
  const owner = filter.owner?.toLowerCase()
  return owner === undefined || people(view).some((person) => person.toLowerCase().includes(owner))
}

function people({ decision }: DecisionView): string[] {
  return [...(decision?.deciders ?? []), ...(decision?.follow_ups ?? []).flatMap(({ owner }) => owner ?? [])]
}
