import { escapeLine, escapeText } from '../../base/escape.ts'
import { decisionText } from '../../decisions/view/decision.ts'
import type { Brief, Decision, Policy, Waiver } from '../../records/record.ts'
import type { Paint } from '../../render/colour.ts'

/** What was decided, or done to a decision since. */
export function decisionBody(record: Decision, paint: Paint): string[] {
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

/** What is intended, what it should bring, what it costs. */
export function briefBody({ outcome, impact, tradeOffs, commits }: Brief): string[] {
  const parts = [
    ['intended outcome', outcome],
    ['expected impact', impact],
    ['trade-offs', tradeOffs],
  ] as const
  const lines = parts.flatMap(([label, text]) =>
    text
      ? [
          '',
          label,
          ...escapeText(text)
            .split('\n')
            .map((line) => `  ${line}`),
        ]
      : [],
  )
  return [...(commits ? [`of ${commits.length} commits`] : []), ...lines].slice(commits ? 0 : 1)
}

/** Which rule is let pass, where, until when and why. */
export function waiverBody({ rule, where, why, expires }: Waiver): string[] {
  return [`${rule} need not hold for ${escapeLine(where)} until ${expires}`, '', ...escapeText(why).split('\n')]
}

/** The policy that was in force. */
export function policyBody({ digest, content }: Policy): string[] {
  return [`sha-256 ${digest}`, '', ...JSON.stringify(content, null, 2).split('\n').map(escapeLine)]
}
