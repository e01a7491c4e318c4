import {
  type CheckedChange,
  type CheckFacts,
  type CheckRule,
  type Diagnostic,
  readable,
} from '../../decisions/model/problem.ts'
import { isDecisionFile } from '../../decisions/model/slug.ts'
import type { PolicyChange } from '../../generated/types.ts'
import { changedDatasets, changedEnvironment, hasRecord, hasTrailer } from './changed-parts.ts'

export const changeOwes: CheckRule = {
  name: 'change-owes',
  level: 'error',
  summary: 'a change comes with the decision, brief or review the policy asks for',
  explain:
    "policy.changes in prov.yaml says for each kind of change (code by paths, data by dataset, environment, parameters) what is owed: a decision, a brief or a review, and by which role. The first entry that fits counts. A decision: add or change a file in decisions/ in the same pull request. A brief: git prov brief --outcome '…'. A review: git prov review, or a Reviewed-by line in a commit message.",
  check: (facts) => {
    const { change, policy } = facts
    if (!change) return []
    return unitsOf(change, facts)
      .flatMap((unit) => {
        const rule = (policy?.changes ?? []).find((entry) => fits(entry, unit, facts))
        return rule && rule.owes !== 'nothing' && !isGiven(rule, facts, change) ? [owed(rule, unit)] : []
      })
      .filter(isFirstOfItsRule())
  },
}

/** One thing that changed. */
interface Unit {
  what: PolicyChange['what']
  name: string
  where: string
}

function unitsOf(change: CheckedChange, { parameterFiles }: CheckFacts): Unit[] {
  const files = change.files.filter((file) => !isDecisionFile(file))
  const environment = changedEnvironment(change)
  return [
    ...[...changedDatasets(change).keys()].map((name): Unit => ({ what: 'data', name, where: `dataset ${name}` })),
    ...(environment ? [{ what: 'environment' as const, name: 'the environment', where: `commit ${environment}` }] : []),
    ...files.map((name): Unit => ({ what: parameterFiles.includes(name) ? 'parameters' : 'code', name, where: name })),
  ]
}

function fits({ what, paths }: PolicyChange, unit: Unit, { matches }: CheckFacts): boolean {
  if (what !== unit.what) return false
  return !paths || matches(unit.name, paths)
}

function isGiven({ owes, role }: PolicyChange, facts: CheckFacts, change: CheckedChange): boolean {
  const decided = readable(facts).some(
    ({ file, decision }) => change.files.includes(file) && (role === undefined || decision.role === role),
  )
  if (owes === 'decision') return decided
  if (owes === 'brief') return decided || hasRecord(change, 'brief')
  return hasRecord(change, 'review') || hasTrailer(change, /^(Reviewed-by|Acked-by):/i)
}

function owed({ owes, role }: PolicyChange, { what, name, where }: Unit): Diagnostic {
  const who = role ? `a ${role}` : 'whoever makes it'
  const hints = {
    decision: `git prov decision new "<what and why>"${role ? ` --role ${role}` : ''}`,
    brief: "git prov brief --outcome '…'",
    review: 'git prov review HEAD --approve, or a Reviewed-by line',
    nothing: '',
  }
  const message = `${name} changed (${what}), and ${who} owes a ${owes}`
  return { where, message, hint: hints[owes] }
}

/** A hundred files that owe the same are reported once, with the first of them. */
function isFirstOfItsRule(): (diagnostic: Diagnostic) => boolean {
  const seen = new Set<string>()
  return ({ message }) => {
    const key = message.replace(/^.*?( changed \()/, '$1')
    return !seen.has(key) && Boolean(seen.add(key))
  }
}
