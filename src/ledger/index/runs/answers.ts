import { evaluate, evaluateTest, type FieldTest, isSelfContained, testNumbers } from '../../../expression/evaluate.ts'
import type { Expression } from '../../../expression/expression.ts'
import { type ColumnParts, codes } from '../columns/column.ts'
import type { RunIndex } from './index.ts'

/** Kleene's three values: `and` is the minimum of its parts, `or` the maximum. */
const [no, unknown, yes] = [0, 1, 2] as const
const notAsked = 3
const codeOf = (answer: boolean | undefined) => (answer === undefined ? unknown : answer ? yes : no)

/** The rows for which an expression holds, as `evaluate` would decide, but column by column. */
export function rowsWhere(index: RunIndex, where: Expression, now: number): number[] {
  const answers = answersOf(index, where, now)
  const rows: number[] = []
  for (let row = 0; row < answers.length; row++) if (answers[row] === yes) rows.push(row)
  return rows
}

function answersOf(index: RunIndex, where: Expression, now: number): Uint8Array {
  switch (where.kind) {
    case 'and':
    case 'or':
      return where.parts.map((part) => answersOf(index, part, now)).reduce(where.kind === 'and' ? least : greatest)
    case 'not':
      return answersOf(index, where.part, now).map((answer) => yes - answer)
    default:
      return isSelfContained(where) ? ofColumn(index, where, now) : byLookup(index, where, now)
  }
}

function least(all: Uint8Array, other: Uint8Array): Uint8Array {
  for (let row = 0; row < all.length; row++)
    if ((other[row] as number) < (all[row] as number)) all[row] = other[row] as number
  return all
}

function greatest(all: Uint8Array, other: Uint8Array): Uint8Array {
  for (let row = 0; row < all.length; row++)
    if ((other[row] as number) > (all[row] as number)) all[row] = other[row] as number
  return all
}

/** One kind of value at a time: loops over a single kind run many times faster. */
function ofColumn(index: RunIndex, where: FieldTest, now: number): Uint8Array {
  const answers = new Uint8Array(index.count).fill(codeOf(evaluateTest(where, undefined, now)))
  const column = index.column(where.path)
  if (!column) return answers
  const { rows, kinds, values } = column.parts
  const has = (kind: number) => (typeof kinds === 'number' ? kinds === kind : kinds.includes(kind))
  const all = typeof kinds === 'number' ? new Uint8Array(values.length).fill(kinds) : kinds
  const found = rows ? new Uint8Array(values.length) : answers
  if (has(codes.number)) ofNumbers(all, values, testNumbers(where, now), found)
  if (has(codes.text)) ofTexts(all, column.parts, (text) => evaluateTest(where, text, now), found)
  for (const [kind, value] of flags) if (has(kind)) ofFlags(all, kind, codeOf(evaluateTest(where, value, now)), found)
  rows?.forEach((row, place) => {
    answers[row] = found[place] as number
  })
  return answers
}

const flags = [
  [codes.true, true],
  [codes.false, false],
  [codes.null, null],
] as const

function ofNumbers(
  kinds: Uint8Array,
  values: ColumnParts['values'],
  test: (value: number) => boolean | undefined,
  answers: Uint8Array,
): void {
  for (let place = 0; place < kinds.length; place++)
    if (kinds[place] === codes.number) answers[place] = codeOf(test(values[place] as number))
}

/** Each text is tested once, however many rows have it. */
function ofTexts(
  kinds: Uint8Array,
  { values, strings }: ColumnParts,
  test: (text: string) => boolean | undefined,
  answers: Uint8Array,
): void {
  const known = new Uint8Array(strings.length).fill(notAsked)
  for (let place = 0; place < kinds.length; place++) {
    if (kinds[place] !== codes.text) continue
    const text = values[place] as number
    if (known[text] === notAsked) known[text] = codeOf(test(strings.at(text)))
    answers[place] = known[text] as number
  }
}

function ofFlags(kinds: Uint8Array, kind: number, answer: number, answers: Uint8Array): void {
  for (let place = 0; place < kinds.length; place++) if (kinds[place] === kind) answers[place] = answer
}

function byLookup(index: RunIndex, where: Expression, now: number): Uint8Array {
  let row = 0
  const lookup = index.lookup(() => row)
  const answers = new Uint8Array(index.count)
  for (; row < index.count; row++) answers[row] = codeOf(evaluate(where, lookup, now))
  return answers
}
