import { escapeLine } from '../../base/escape.ts'
import { decisionText, describeEvidence } from '../../records/decision/text.ts'
import type { Paint } from '../../render/colour.ts'
import type { DecisionView } from '../model/view.ts'
import { describeGrade } from './outcome.ts'

/** A decision in full, for people: its current state, then its text. */
export function renderDecision(view: DecisionView, paint: Paint): string[] {
  const { decision, title, slug, status, file, problems } = view
  const head = [
    paint.commit(`decision ${slug}`),
    ...(title ? [escapeLine(title)] : []),
    `${status}${decidedBy(view)}${view.edited ? '; the file was edited since' : ''}`,
    ...(view.outcome ? [escapeLine(`outcome: ${describeGrade(view.outcome)}`)] : []),
    ...(view.evidence?.length ? [escapeLine(`evidence: ${view.evidence.map(describeState).join(' · ')}`)] : []),
    ...(file ? [paint.dim(escapeLine(file))] : []),
    ...problems.map(({ line, column, message }) => paint.bad(escapeLine(`${file}:${line}:${column}: ${message}`))),
  ]
  return decision ? [...head, ...decisionText(decision, paint)] : head
}

function decidedBy({ decision, events }: DecisionView): string {
  const last = events.at(-1)
  const reviewers = (last?.reviewers ?? []).map(({ name }) => name)
  const when = last?.time.slice(0, 10) ?? decision?.date
  const parts = [
    when && ` ${when}`,
    decision?.deciders && ` by ${decision.deciders.map((person) => person.replace(/ <.*>$/, '')).join(', ')}`,
    reviewers.length > 0 && `, reviewed by ${reviewers.join(', ')}`,
  ]
  return escapeLine(parts.filter(Boolean).join(''))
}

/** `dataset train 3d1e0a STALE (now 77be02)`. */
function describeState({ evidence, state }: NonNullable<DecisionView['evidence']>[number]): string {
  const what = describeEvidence({ ...evidence, note: '' })
  if (state.state === 'current') return `${what} ok`
  if (state.state === 'stale' && state.minor) return `${what} ok (${state.reason})`
  const now = 'now' in state && state.now ? `now ${state.now.slice(0, 6)}` : state.reason
  return `${what} ${state.state === 'stale' ? 'STALE' : state.state} (${now})`
}
