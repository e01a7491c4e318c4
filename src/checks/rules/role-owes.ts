import { nearest } from '../../base/nearest.ts'
import { type CheckRule, pastStatuses, readable } from '../../decisions/model/problem.ts'
import { noRole } from '../../decisions/model/roles.ts'

export const roleOwes: CheckRule = {
  name: 'role-owes',
  level: 'error',
  summary: 'a decision holds what the role it is written in owes',
  explain:
    'Each role has a least that its decisions hold once they are proposed: git prov decision roles lists it, and policy.roles in prov.yaml changes it. Write the member that is missing; git prov decision new --guide asks for each and says what it is for. Of a draft it is a remark. Without a role, context and why are asked for, as a warning.',
  check: (facts) =>
    readable(facts).flatMap(({ file, decision }) => {
      if (pastStatuses.has(decision.status) || decision.markdown) return []
      const role = decision.role === undefined ? noRole : facts.roles.get(decision.role)
      if (!role) {
        const guess = nearest(decision.role as string, [...facts.roles.keys()])
        const hint = guess ? `did you mean '${guess}'?` : `there are: ${[...facts.roles.keys()].join(', ')}`
        return [{ where: file, file, path: ['role'], message: `there is no role '${decision.role}'`, hint }]
      }
      const level = decision.status === 'draft' ? ('info' as const) : role === noRole ? ('warning' as const) : undefined
      const missing = role.must.filter((name) => isEmpty((decision as unknown as Record<string, unknown>)[name]))
      if (missing.length === 0) return []
      const are = missing.length > 1
      const message = `${missing.join(', ')} ${are ? 'are' : 'is'} missing; ${role.name ? `a ${role.name}` : 'every decision'} owes ${are ? 'them' : 'it'}`
      const hint = `write ${missing.map((name) => `${name}:`).join(' ')}`
      return [{ where: file, file, path: [missing[0] as string], message, hint, ...(level && { level }) }]
    }),
}

const isEmpty = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0)
