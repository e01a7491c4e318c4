import { nearest } from '../base/nearest.ts'
import type { CheckRule, Problem, WaiverFact } from '../decisions/model/problem.ts'
import { ruleNames } from '../decisions/model/rule-names.ts'
import { slugOf } from '../decisions/model/slug.ts'

const longestByDefault = 90
const day = 86_400_000

export const waiver: CheckRule = {
  name: 'waiver',
  level: 'warning',
  summary: 'a waiver names a rule, ends on a date, and is reviewed then',
  explain:
    "git prov waive <rule> <where> --why '…' --until <date> writes a record that a rule need not be followed at one place until a day. One that has run out while its cause is still there, that names no rule, or that holds longer than policy.checks.longest-waiver days (90 when that is not set) is reported. Fix the cause, or write a new waiver with its reason.",
  check: ({ waivers, today, policy }, others) =>
    waivers.flatMap((one) => {
      const where = one.where
      const label = `the waiver of ${one.rule} for ${where}`
      if (!ruleNames.includes(one.rule)) {
        const guess = nearest(one.rule, ruleNames)
        return [
          {
            where,
            message: `${label} names no rule`,
            hint: guess ? `did you mean '${guess}'?` : 'git prov check --explain rules',
          },
        ]
      }
      if (one.expires < today) {
        const again = `git prov waive ${one.rule} ${where} --why '…' --until <date>`
        const matters = others.some((problem) => fitsWaiver(one, problem)) && !isRenewed(one, waivers, today)
        return matters ? [{ where, message: `${label} ran out on ${one.expires}`, hint: `fix it, or ${again}` }] : []
      }
      const longest = policy?.checks?.['longest-waiver'] ?? longestByDefault
      const length = Math.floor((Date.parse(one.expires) - Date.parse(one.time)) / day)
      if (length <= longest) return []
      return [
        { where, message: `${label} holds ${length} days, more than ${longest}`, hint: 'write one that ends sooner' },
      ]
    }),
}

const isRenewed = ({ rule, where }: WaiverFact, waivers: readonly WaiverFact[], today: string) =>
  waivers.some((other) => other.rule === rule && other.where === where && other.expires >= today)

/** Whether a waiver covers a problem: by the file, the decision's id, a dataset's name or a commit. */
export function fitsWaiver({ rule, where }: Pick<WaiverFact, 'rule' | 'where'>, problem: Problem): boolean {
  if (rule !== problem.rule) return false
  const names = [problem.where, problem.file, problem.where.replace(/^(commit|dataset) /, '')]
  if (names.includes(where)) return true
  if (/^[0-9a-f]{7,64}$/.test(where) && problem.where.startsWith(`commit ${where}`)) return true
  return problem.file !== undefined && slugOf(problem.file) === where
}
