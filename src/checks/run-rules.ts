import type { CheckFacts, Level, Problem } from '../decisions/model/problem.ts'
import { rules } from './rules.ts'
import { fitsWaiver } from './waiver.ts'

/** What a check found, with what waivers suppress listed separately. */
export interface CheckResult {
  problems: Problem[]
  waived: Problem[]
}

const weight: Record<Level, number> = { info: 0, warning: 1, error: 2 }

/** Runs every rule the policy does not turn off. Problems are sorted by file and, within a file, by rule. */
export function runRules(facts: CheckFacts): CheckResult {
  const levels = facts.policy?.checks?.levels ?? {}
  const found: Problem[] = []
  for (const rule of rules) {
    const levelInPolicy = levels[rule.name]
    if (levelInPolicy === 'off') continue
    for (const diagnostic of rule.check(facts, found)) {
      if (diagnostic.file !== undefined && !facts.isFocus(diagnostic.file)) continue
      found.push({ ...diagnostic, rule: rule.name, level: lowerLevel(diagnostic.level, levelInPolicy ?? rule.level) })
    }
  }
  const valid = facts.waivers.filter(({ expires }) => expires >= facts.today)
  const isWaived = (problem: Problem) => valid.some((waiver) => fitsWaiver(waiver, problem))
  return { problems: found.filter((problem) => !isWaived(problem)).sort(byFile), waived: found.filter(isWaived) }
}

/** A rule may rank a case below its own level, never above. */
const lowerLevel = (own: Level | undefined, level: Level): Level => (own && weight[own] < weight[level] ? own : level)

/** Problems in no file come last. Sorting is stable, so the rules' order stays. */
function byFile(a: Problem, b: Problem): number {
  const [left, right] = [a.file ?? '\uffff', b.file ?? '\uffff']
  return left < right ? -1 : left > right ? 1 : 0
}

/** Whether any problem is at a level or above. */
export function reaches(problems: readonly Problem[], level: Level): boolean {
  return problems.some((problem) => weight[problem.level] >= weight[level])
}
