import { codes } from '../columns/column.ts'
import { evaluate, evaluateOne, isOfOne, negate, type OfOne, testNumbers } from '../expression/evaluate.ts'
import type { Expression } from '../expression.ts'
import type { RunIndex } from '../run-index.ts'

/** Whether something holds for the run of a row; undefined where a value it needs is not there. */
export type RowTest = (row: number) => boolean | undefined

/** What `evaluate` says of each row, made ready once for all of them. */
export function rowTest(index: RunIndex, where: Expression, now: number): RowTest {
  switch (where.kind) {
    case 'and':
      return foldTests(index, where.parts, now, false)
    case 'or':
      return foldTests(index, where.parts, now, true)
    case 'not': {
      const test = rowTest(index, where.part, now)
      return (row) => negate(test(row))
    }
    default:
      return isOfOne(where) ? columnTest(index, where, now) : lookupTest(index, where, now)
  }
}

/** `decisive` as in `evaluate`. */
function foldTests(index: RunIndex, parts: readonly Expression[], now: number, decisive: boolean): RowTest {
  const tests = parts.map((part) => rowTest(index, part, now))
  return (row) => {
    let answer: boolean | undefined = !decisive
    for (const test of tests) {
      const one = test(row)
      if (one === decisive) return decisive
      if (one === undefined) answer = undefined
    }
    return answer
  }
}

const answers = [undefined, undefined, true, false] as const

/** Each text of the column is looked at once, however many rows have it. */
function columnTest(index: RunIndex, where: OfOne, now: number): RowTest {
  const column = index.column(where.path)
  const none = evaluateOne(where, undefined, now)
  if (!column) return () => none
  const { values, strings } = column.parts
  const ofNumber = testNumbers(where, now)
  const known = new Uint8Array(strings.length)
  return (row) => {
    const place = column.place(row)
    const kind = place < 0 ? codes.none : column.kindAt(place)
    if (kind === codes.none) return none
    if (kind === codes.number) return ofNumber(values[place] as number)
    if (kind !== codes.text) return evaluateOne(where, column.valueAt(place), now)
    const text = values[place] as number
    if (known[text] === 0) known[text] = codeOf(evaluateOne(where, column.valueAt(place), now))
    return answers[known[text] as number]
  }
}

const codeOf = (answer: boolean | undefined) => (answer === undefined ? 1 : answer ? 2 : 3)

function lookupTest(index: RunIndex, where: Expression, now: number): RowTest {
  let row = 0
  const lookup = index.lookup(() => row)
  return (at) => {
    row = at
    return evaluate(where, lookup, now)
  }
}
