import { escapeLine, escapeText } from '../../base/escape.ts'
import type { Paint } from '../../render/colour.ts'
import type { KindShow } from '../kind-show.ts'
import type { Decision } from '../record.ts'
import { describeDecisions } from './log.ts'
import { decisionText } from './text.ts'

export const decision: KindShow<Decision> = {
  body: decisionBody,
  log: (lines) => describeDecisions(lines).map((text) => ({ label: 'why', text })),
}

/** A decision, or what was done to it later. */
function decisionBody(record: Decision, paint: Paint): string[] {
  const { slug, action, status, revision, file, by, reason, pullRequest, reviewers = [], decision } = record
  const facts = [
    `${escapeLine(slug)}  ${action}${by ? ` by ${escapeLine(by)}` : ''}, ${status}, revision ${revision}`,
    ...(file ? [escapeLine(file)] : []),
    ...(pullRequest ? [`pull request ${pullRequest}`] : []),
    ...reviewers.map(({ name, from }) => escapeLine(`reviewer  ${name} (${from})`)),
    ...(reason ? ['', ...escapeText(reason).split('\n')] : []),
  ]
  return decision ? [...facts, '', escapeLine(decision.title), ...decisionText(decision, paint)] : facts
}
