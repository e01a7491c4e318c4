import { nearest } from '../../base/nearest.ts'
import { type CheckRule, pastStatuses, readable } from '../../decisions/model/problem.ts'
import { noRole } from '../../decisions/model/roles.ts'

export const roleOwes: CheckRule = {
  name: 'role-owes',
  level: 'error',
  summary: 'a decision has the fields its role requires',
  explain:
    'Each role has fields that its decisions must have once they are proposed: git prov decision roles lists it, and policy.roles in prov.yaml changes it. Write the member that is missing; git prov decision new --guide asks for each and says what it is for. For a draft this is only a note. Without a role, context and why are asked for, as a warning.',
  check: (facts) =>
    readable(facts).flatMap(({ file, decision }) => {
      if (pastStatuses.has(decision.status) || decision.markdown) return []
      const role = decision.role === undefined ? noRole : facts.roles.get(decision.role)
      if (!role) {
        const guess = nearest(decision.role as string, [...facts.roles.keys()])
        const hint = guess ? `did you mean '${guess}'?` : `one of: ${[...facts.roles.keys()].join(', ')}`
        return [{ where: file, file, path: ['role'], message: `there is no role '${decision.role}'`, hint }]
      }
      const level = decision.status === 'draft' ? ('info' as const) : role === noRole ? ('warning' as const) : undefined
      const missing = role.must.filter((name) => isEmpty((decision as unknown as Record<string, unknown>)[name]))
      if (missing.length === 0) return []
      const are = missing.length > 1
      const message = `${missing.join(', ')} ${are ? 'are' : 'is'} missing; ${role.name ? `the role ${role.name}` : 'every decision'} requires ${are ? 'them' : 'it'}`
      const hint = `write ${missing.map((name) => `${name}:`).join(' ')}`
      return [{ where: file, file, path: [missing[0] as string], message, hint, ...(level && { level }) }]
    }),
}

const isEmpty = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0)
