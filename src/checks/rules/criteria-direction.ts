import { type CheckRule, readable } from '../../decisions/model/problem.ts'

export const criteriaDirection: CheckRule = {
  name: 'criteria-direction',
  level: 'error',
  summary: 'each criterion says which way is good, and how far',
  explain:
    'A criterion without a threshold can be called met whatever comes out. Write at_least when more is better (f1, accuracy), at_most when less is (loss, latency), both for a range. measured says on which data, how often, and what is averaged.',
  check: (facts) =>
    readable(facts).flatMap(({ file, decision }) =>
      (decision.criteria ?? []).flatMap(({ at_least, at_most }, index) =>
        at_least === undefined && at_most === undefined
          ? [
              {
                where: file,
                file,
                path: ['criteria', index, 'metric'],
                message: `criteria[${index}] has no direction`,
                hint: 'write at_least: 0.80 or at_most: 0.20',
                ...(decision.status === 'draft' && { level: 'info' as const }),
              },
            ]
          : [],
      ),
    ),
}
