import type { PolicyPart } from '../../generated/types.ts'

/** The role a decision is written in. Fields are names from decision-file.v1.schema.json. */
export interface Role {
  name: string
  description: string
  /** Fields that a decision in this role must have once it is proposed. */
  must: readonly string[]
  /** Further fields offered in a new file, in this order. */
  offers: readonly string[]
  people: readonly string[]
  teams: readonly string[]
}

type BuiltIn = Pick<Role, 'name' | 'description' | 'must' | 'offers'>

const builtIn: readonly BuiltIn[] = [
  {
    name: 'data-engineer',
    description: 'collects, cleans, labels and versions data',
    must: ['context', 'why', 'evidence', 'risks'],
    offers: [
      'options',
      'chosen',
      'planned',
      'changed',
      'expected_impact',
      'trade_offs',
      'assumptions',
      'constraints',
      'follow_ups',
    ],
  },
  {
    name: 'trainer',
    description: 'develops, trains and tunes models',
    must: ['context', 'hypotheses', 'criteria', 'why'],
    offers: [
      'options',
      'chosen',
      'planned',
      'changed',
      'expected_impact',
      'trade_offs',
      'risks',
      'assumptions',
      'constraints',
      'intuition',
      'evidence',
      'failure_analysis',
      'lessons',
      'follow_ups',
    ],
  },
  {
    name: 'evaluator',
    description: 'measures models and says what the numbers mean',
    must: ['context', 'criteria', 'evidence', 'why'],
    offers: ['hypotheses', 'options', 'chosen', 'assumptions', 'risks', 'failure_analysis', 'lessons', 'follow_ups'],
  },
  {
    name: 'reviewer',
    description: 'looks at what others decided',
    must: ['context', 'options', 'why'],
    offers: ['chosen', 'evidence', 'risks', 'assumptions', 'follow_ups'],
  },
  {
    name: 'release-owner',
    description: 'decides what is released, and answers for it',
    must: ['context', 'why', 'expected_impact', 'trade_offs', 'risks', 'evidence'],
    offers: ['criteria', 'options', 'chosen', 'constraints', 'confirmation', 'follow_ups'],
  },
]

/** Fields of a decision without a role. */
export const noRole: Role = {
  name: '',
  description: 'no role in particular',
  must: ['context', 'why'],
  offers: ['options', 'chosen', 'planned', 'changed', 'expected_impact', 'trade_offs', 'evidence', 'follow_ups'],
  people: [],
  teams: [],
}

/** Every role by name: the built-in ones as changed by the policy, and the team's own. */
export function rolesOf(policy: PolicyPart | undefined): Map<string, Role> {
  const roles = new Map<string, Role>(builtIn.map((role) => [role.name, { ...role, people: [], teams: [] }]))
  for (const [name, own] of Object.entries(policy?.roles ?? {})) {
    const base = roles.get(name) ?? { ...noRole, name, description: '' }
    roles.set(name, {
      name,
      description: own.description ?? base.description,
      must: own.must ?? base.must,
      offers: own.template ?? base.offers,
      people: own.people ?? [],
      teams: own.teams ?? [],
    })
  }
  return roles
}
