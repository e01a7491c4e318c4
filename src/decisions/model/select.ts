import { type DecisionView, overdue } from './view.ts'

/** What is asked of a list of decisions; what is not given is not asked. */
export interface DecisionFilter {
  status?: string
  role?: string
  /** A part of a name or an address, in any case: of who decided, or owes a follow-up. */
  owner?: string
  overdue?: boolean
}

/** Whether a decision has everything that is asked for. `today` is a date, UTC. */
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
