import { nearest } from '../base/nearest.ts'
import type { Path } from '../base/yaml-file.ts'
import { fieldNames } from '../decisions/model/field-names.ts'
import type { CheckFacts, CheckRule, Diagnostic } from '../decisions/model/problem.ts'
import { ruleNames } from '../decisions/model/rule-names.ts'
import type { PolicyPart } from '../generated/types.ts'

export const policy: CheckRule = {
  name: 'policy',
  level: 'error',
  summary: 'the policy in prov.yaml can be followed',
  explain:
    'A policy that names a role, a field or a rule that does not exist, asks for more approvals than a role has people, or has an entry that no change can ever reach, cannot be followed. The message names the line in prov.yaml and what to write.',
  check: (facts) =>
    facts.policy
      ? [
          ...roles(facts.policy),
          ...changes(facts.policy, facts),
          ...levels(facts.policy),
          ...approvals(facts.policy, facts),
        ]
      : [],
}

const at = (path: Path, message: string, hint: string): Diagnostic => ({
  where: 'prov.yaml',
  file: 'prov.yaml',
  path: ['policy', ...path],
  message,
  hint,
})

const meant = (word: string, names: readonly string[]) => {
  const guess = nearest(word, names)
  return guess ? `did you mean '${guess}'?` : `one of: ${names.join(', ')}`
}

function roles({ roles: own = {} }: PolicyPart): Diagnostic[] {
  return Object.entries(own).flatMap(([name, role]) =>
    (['must', 'template'] as const).flatMap((member) =>
      (role[member] ?? []).flatMap((field, index) =>
        fieldNames.includes(field)
          ? []
          : [at(['roles', name, member, index], `a decision has no field '${field}'`, meant(field, fieldNames))],
      ),
    ),
  )
}

function changes({ changes: entries = [], checks }: PolicyPart, { roles: known }: CheckFacts): Diagnostic[] {
  const off = checks?.levels?.['change-owes'] === 'off'
  return entries.flatMap(({ what, role }, index) => {
    const covering = entries.findIndex((entry) => entry.what === what && !entry.paths)
    return [
      ...(role !== undefined && !known.has(role)
        ? [at(['changes', index, 'role'], `there is no role '${role}'`, meant(role, [...known.keys()]))]
        : []),
      ...(covering >= 0 && covering < index
        ? [
            at(
              ['changes', index],
              `changes[${index}] is never reached: changes[${covering}] is for all ${what}`,
              'put it before, or give the earlier one paths',
            ),
          ]
        : []),
      ...(off && index === 0
        ? [
            at(
              ['changes'],
              'changes lists what is required, and checks.levels turns change-owes off',
              'take one of the two out',
            ),
          ]
        : []),
    ]
  })
}

function levels({ checks }: PolicyPart): Diagnostic[] {
  return Object.keys(checks?.levels ?? {})
    .filter((name) => !ruleNames.includes(name))
    .map((name) => at(['checks', 'levels', name], `there is no rule '${name}'`, meant(name, ruleNames)))
}

function approvals({ approvals: asked = {} }: PolicyPart, { roles: known }: CheckFacts): Diagnostic[] {
  return Object.entries(asked).flatMap(([of, needed]) =>
    Object.entries(needed ?? {}).flatMap(([role, count]) => {
      const path = ['approvals', of, role]
      const people = known.get(role)
      if (!people) return [at(path, `there is no role '${role}'`, meant(role, [...known.keys()]))]
      if (people.teams.length > 0 || people.people.length >= count) return []
      return [
        at(
          path,
          `${count} approvals by a ${role} are asked for, and ${people.people.length} have that role`,
          `add people to policy.roles.${role}.people, or ask for fewer`,
        ),
      ]
    }),
  )
}
