import { escapeText } from '../../base/escape.ts'
import type { Criterion, DecisionFile, Evidence } from '../../generated/types.ts'
import type { Paint } from '../../render/colour.ts'

const plain = [
  ['context', 'Context'],
  ['planned', 'Planned'],
  ['changed', 'Changed'],
  ['chosen', 'Chosen'],
  ['why', 'Why'],
  ['expected_impact', 'Expected impact'],
  ['confirmation', 'Confirmation'],
  ['intuition', 'Intuition'],
  ['failure_analysis', 'Failure analysis'],
  ['more', 'More'],
] as const
const lists = [
  ['drivers', 'Drivers'],
  ['trade_offs', 'Trade-offs'],
  ['risks', 'Risks'],
  ['assumptions', 'Assumptions'],
  ['lessons', 'Lessons'],
  ['supersedes', 'Supersedes'],
  ['superseded_by', 'Superseded by'],
  ['related', 'Related'],
] as const

/** The text of a decision, section by section. */
export function decisionText(decision: DecisionFile, paint: Paint): string[] {
  const section = (label: string, lines: readonly string[]) =>
    lines.length > 0 ? ['', paint.label(label), ...lines.flatMap(indent)] : []
  const text = (name: (typeof plain)[number][0]) => (decision[name] === undefined ? [] : [decision[name]])
  const [context, ...others] = plain.map(([name, label]) => section(label, text(name)))
  return [
    ...(context ?? []),
    ...section(
      'Hypotheses',
      (decision.hypotheses ?? []).flatMap(({ statement, competing = [] }) => [
        statement,
        ...competing.map((one) => `  or: ${one}`),
      ]),
    ),
    ...section('Criteria', (decision.criteria ?? []).map(describeCriterion)),
    ...section('Options', (decision.options ?? []).flatMap(describeOption)),
    ...others.flat(),
    ...lists.flatMap(([name, label]) => section(label, decision[name] ?? [])),
    ...section('Constraints', Object.values(decision.constraints ?? {}).flat() as string[]),
    ...section('Evidence', (decision.evidence ?? []).map(describeEvidence)),
    ...section('Follow-ups', (decision.follow_ups ?? []).map(describeFollowUp)),
  ]
}

const indent = (text: string) =>
  escapeText(text.trimEnd())
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())

/** `f1 >= 0.8  (mean of 3 seeds)`. */
function describeCriterion({ metric, at_least, at_most, measured }: Criterion): string {
  const bounds = [at_least !== undefined && `>= ${at_least}`, at_most !== undefined && `<= ${at_most}`].filter(Boolean)
  return `${metric} ${bounds.join(' and ')}${measured ? `  (${measured})` : ''}`
}

function describeOption({
  name,
  description,
  pros = [],
  neutral = [],
  cons = [],
}: NonNullable<DecisionFile['options']>[number]): string[] {
  return [
    name,
    ...(description ? [`  ${description}`] : []),
    ...pros.map((one) => `  + ${one}`),
    ...neutral.map((one) => `  = ${one}`),
    ...cons.map((one) => `  - ${one}`),
  ]
}

/** `dataset train 3d1e0a`. */
export function describeEvidence({ run, dataset, commit, file, digest, note }: Evidence): string {
  const what = run
    ? `run ${run.slice(0, 6)}`
    : dataset
      ? `dataset ${dataset}`
      : commit
        ? `commit ${commit.slice(0, 7)}`
        : `file ${file}`
  return `${what}${digest ? ` ${digest.slice(0, 6)}` : ''}${note ? `  ${note}` : ''}`
}

function describeFollowUp({ what, owner, due, done }: NonNullable<DecisionFile['follow_ups']>[number]): string {
  return `${what}${owner ? `, ${owner}` : ''}${done ? `, done ${done}` : due ? `, by ${due}` : ''}`
}
