import type { CheckFacts, Level, Problem } from '../decisions/model/problem.ts'
import { rules } from './rules.ts'
import { fitsWaiver } from './waiver.ts'

/** What a check found, and what waivers let pass. */
export interface CheckResult {
  problems: Problem[]
  waived: Problem[]
}

const weight: Record<Level, number> = { info: 0, warning: 1, error: 2 }

/** Runs every rule the policy does not turn off. Problems come in the order of files and, in a file, of rules. */
export function runRules(facts: CheckFacts): CheckResult {
  const levels = facts.policy?.checks?.levels ?? {}
  const found: Problem[] = []
  for (const rule of rules) {
    const asked = levels[rule.name]
    if (asked === 'off') continue
    for (const diagnostic of rule.check(facts, found)) {
      if (diagnostic.file !== undefined && !facts.isFocus(diagnostic.file)) continue
      found.push({ ...diagnostic, rule: rule.name, level: lesser(diagnostic.level, asked ?? rule.level) })
    }
  }
  const valid = facts.waivers.filter(({ expires }) => expires >= facts.today)
  const isWaived = (problem: Problem) => valid.some((waiver) => fitsWaiver(waiver, problem))
  return { problems: found.filter((problem) => !isWaived(problem)).sort(byFile), waived: found.filter(isWaived) }
}

/** A rule may weigh a case less than its level, never more. */
const lesser = (own: Level | undefined, level: Level): Level => (own && weight[own] < weight[level] ? own : level)

/** What is in no file comes last. Sorting is stable: the rules' order stays. */
function byFile(a: Problem, b: Problem): number {
  const [left, right] = [a.file ?? '\uffff', b.file ?? '\uffff']
  return left < right ? -1 : left > right ? 1 : 0
}

/** Whether any problem weighs as much as a level. */
export function reaches(problems: readonly Problem[], level: Level): boolean {
  return problems.some((problem) => weight[problem.level] >= weight[level])
}
