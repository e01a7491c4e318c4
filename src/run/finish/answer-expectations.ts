import { evaluate } from '../../expression/evaluate.ts'
import { parseExpression } from '../../expression/parse.ts'
import { figuresBehind, recordLookup, runVocabulary } from '../../expression/run-vocabulary.ts'
import type { Expectation } from '../../generated/types.ts'
import type { Run } from '../../records/record.ts'

/** Evaluates a run's expectations on its finished record; each answer comes with the figures it is based on. */
export function answerExpectations(record: Run, now: Date): Expectation[] {
  const lookup = recordLookup(record)
  return (record.expectations ?? []).map(({ expression }) => {
    try {
      const parsed = parseExpression(expression, runVocabulary)
      const holds = evaluate(parsed, lookup, now.getTime())
      const answer = holds === undefined ? 'unknown' : holds ? 'met' : 'not-met'
      return { expression, answer, reason: figuresBehind(parsed, lookup).slice(0, 1024) }
    } catch {
      return { expression, answer: 'unknown', reason: 'not an expression this version knows' }
    }
  })
}
