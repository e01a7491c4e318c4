import { ProvError } from '../../base/errors.ts'
import { nearest } from '../../base/nearest.ts'
import type { Criterion, DecisionFile, FollowUp } from './decision.ts'
import { decisionFields } from './fields.ts'

/** Evidence as typed: its kind and the word that names it. */
export interface NamedEvidence {
  kind: 'run' | 'dataset' | 'commit' | 'file'
  word: string
}

export interface Shorthand {
  fields: Partial<DecisionFile>
  /** Digests are added later. */
  evidence: NamedEvidence[]
}

/** Parses `--set field=value` and the answers of `--guide`. Lists grow with each one. Throws `usage`. */
export function parseShorthand(settings: readonly string[]): Shorthand {
  const fields: Record<string, unknown> = {}
  const evidence: NamedEvidence[] = []
  for (const setting of settings) {
    const { name, value } = split(setting)
    if (name === 'evidence') evidence.push(parseEvidence(value))
    else add(fields, name, value)
  }
  return { fields: fields as Partial<DecisionFile>, evidence }
}

function split(setting: string): { name: string; value: string } {
  const at = setting.indexOf('=')
  const name = setting.slice(0, Math.max(at, 0)).trim()
  const value = setting.slice(at + 1).trim()
  if (at < 1 || value === '')
    throw new ProvError('usage', `--set ${setting} is not <field>=<value>`, {
      hint: "--set why='the loss is dominated by easy examples'",
    })
  return { name, value }
}

function add(fields: Record<string, unknown>, name: string, value: string): void {
  const [head = '', member] = name.split('.')
  const known = decisionFields()
  const field = known.get(head)
  if (!field || head === 'markdown') throw unknownField(name, [...known.keys()])
  if (head === 'constraints') addConstraint(fields, member ?? 'other', value)
  else if (field.shape === 'entries') append(fields, head, entry(head, value))
  else if (field.shape === 'list') append(fields, head, value)
  else fields[head] = head === 'revision' ? Number(value) : value
}

function append(fields: Record<string, unknown>, name: string, value: unknown): void {
  fields[name] = [...((fields[name] as unknown[] | undefined) ?? []), value]
}

const constraintKinds = ['deadlines', 'resources', 'other']

function addConstraint(fields: Record<string, unknown>, kind: string, value: string): void {
  if (!constraintKinds.includes(kind))
    throw unknownField(
      `constraints.${kind}`,
      constraintKinds.map((one) => `constraints.${one}`),
    )
  const group = (fields.constraints ?? {}) as Record<string, unknown>
  append(group, kind, value)
  fields.constraints = group
}

function unknownField(name: string, names: string[]): ProvError {
  const guess = nearest(name, names)
  return new ProvError('usage', `a decision has no field '${name}'`, {
    hint: guess ? `did you mean '${guess}'?` : `it can have: ${names.join(', ')}`,
  })
}

function entry(name: string, value: string): unknown {
  if (name === 'criteria') return parseCriterion(value)
  if (name === 'hypotheses') return { statement: value }
  if (name === 'options') return { name: value }
  return parseFollowUp(value)
}

/** `f1 >= 0.80; mean of 3 seeds`. Without a threshold the whole text before `;` is the metric. */
function parseCriterion(text: string): Criterion {
  const [first = '', ...rest] = text.split(';')
  const measured = rest.join(';').trim()
  const match = first.trim().match(/^(\S.*?)\s*(>=|<=|≥|≤|at least|at most)\s*(\S+)$/)
  const threshold = Number(match?.[3])
  if (match && Number.isNaN(threshold))
    throw new ProvError('usage', `'${match[3]}' is not a number`, {
      hint: "--set criteria='f1 >= 0.80; mean of 3 seeds'",
    })
  const metric = match ? (match[1] as string) : first.trim()
  const least = /^(>=|≥|at least)$/.test(match?.[2] ?? '')
  return {
    metric,
    ...(match && (least ? { at_least: threshold } : { at_most: threshold })),
    ...(measured && { measured }),
  }
}

/** `what; owner; due`. */
function parseFollowUp(text: string): FollowUp {
  const [what = '', owner, due] = text.split(';').map((part) => part.trim())
  return { what, ...(owner && { owner }), ...(due && { due }) }
}

function parseEvidence(text: string): NamedEvidence {
  const match = text.match(/^(run|dataset|commit|file):(.+)$/)
  if (match) return { kind: match[1] as NamedEvidence['kind'], word: match[2] as string }
  throw new ProvError('usage', `evidence '${text}' does not say what it is`, {
    hint: 'write run:<id>, dataset:<name>, commit:<revision> or file:<path>',
  })
}
