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
  const { rows, kinds, values } = column.parts
  if (!rows && kinds === codes.number) {
    const test = testNumbers(where, now)
    return (row) => test(values[row] as number)
  }
  const known = new Uint8Array(column.parts.strings.length)
  return (row) => {
    const place = column.place(row)
    if (place < 0) return none
    const text = column.textAt(place)
    if (text < 0) return evaluateOne(where, column.valueAt(place), now)
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
