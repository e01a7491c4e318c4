import type { DecisionStatus } from '../../decisions/model/decision.ts'

const words: readonly [DecisionStatus, RegExp][] = [
  ['superseded', /supersed(?:ed|es? by)|replaced by|overridden/i],
  ['deprecated', /deprecat|obsolete|withdrawn|retired|abandoned/i],
  ['rejected', /reject|declin|denied|not accepted|won't/i],
  ['accepted', /accept|approv|adopt|decided|agreed|implemented|done|active|final|in force/i],
  ['proposed', /propos|pending|review|open|rfc|discuss|request/i],
  ['draft', /draft|wip|work in progress|todo|idea/i],
]

/**
 * A status as found in real records: a word, a sentence with a link, a YAML map or list, a leftover of a template.
 * Undefined when no known status is in it.
 */
export function readStatus(value: unknown): DecisionStatus | undefined {
  const text = flatten(value)
  // A template that was never filled in lists them all.
  if (/\|/.test(text) && (text.match(/accepted|proposed|rejected/g) ?? []).length > 1) return undefined
  return words.find(([, pattern]) => pattern.test(text))?.[0]
}

function flatten(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(flatten).join(' ')
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([key, inner]) => `${key} ${flatten(inner)}`)
      .join(' ')
  return String(value)
}
