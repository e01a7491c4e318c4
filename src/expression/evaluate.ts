import type { Expression, FieldKind, Literal, Lookup, Operator, Path, Value } from './expression.ts'
import { matchesGlob } from './glob.ts'

/**
 * Whether an expression holds: true, false, or undefined when a value it needs is missing (Kleene's three-valued
 * logic: false and unknown is false, true or unknown is true). `now` is in ms since the epoch, for ages.
 */
export function evaluate(expression: Expression, lookup: Lookup, now: number): boolean | undefined {
  switch (expression.kind) {
    case 'and':
      return fold(expression.parts, lookup, now, false)
    case 'or':
      return fold(expression.parts, lookup, now, true)
    case 'not':
      return negate(evaluate(expression.part, lookup, now))
    default:
      return isSelfContained(expression)
        ? evaluateTest(expression, lookup(expression.path), now)
        : compareTwo(expression, lookup, now)
  }
}

/** An expression that tests a field. */
export type FieldTest = Extract<Expression, { path: Path }>

/** Whether the value of that one field is enough to evaluate it. */
export const isSelfContained = (expression: FieldTest): boolean =>
  expression.kind !== 'compare' || !('root' in expression.right)

/** Evaluates such a test for a value of its field. */
export function evaluateTest(expression: FieldTest, value: Value | undefined, now: number): boolean | undefined {
  if (expression.kind !== 'compare') return expression.kind === 'has' ? value !== undefined : isTrue(value)
  const { as, operator, right } = expression
  return value === undefined ? undefined : compareAs(as, value, operator, right as Literal, now)
}

/** `decisive`: the answer of one part that decides the whole: false for and, true for or. */
function fold(parts: readonly Expression[], lookup: Lookup, now: number, decisive: boolean): boolean | undefined {
  let answer: boolean | undefined = !decisive
  for (const part of parts) {
    const one = evaluate(part, lookup, now)
    if (one === decisive) return decisive
    if (one === undefined) answer = undefined
  }
  return answer
}

const negate = (answer: boolean | undefined) => (answer === undefined ? undefined : !answer)

/** A field without an operator: its value when it is a boolean, else whether it is present. */
const isTrue = (value: Value | undefined) => (typeof value === 'boolean' ? value : value !== undefined)

type Comparison = Expression & { kind: 'compare' }

/** evaluateTest prepared for testing many numbers. */
export function testNumbers(expression: FieldTest, now: number): (value: number) => boolean | undefined {
  if (expression.kind === 'compare' && expression.operator !== '~' && !['digest', 'moment'].includes(expression.as)) {
    const { operator } = expression
    const { number } = expression.right as Literal
    if (number !== undefined) return orderings[operator](number)
  }
  return (value) => evaluateTest(expression, value, now)
}

const orderings: Record<Exclude<Operator, '~'>, (than: number) => (value: number) => boolean> = {
  '<': (than) => (value) => value < than,
  '<=': (than) => (value) => value <= than,
  '>': (than) => (value) => value > than,
  '>=': (than) => (value) => value >= than,
  '=': (than) => (value) => ordered(value, '=', than),
}

function compareTwo(expression: FieldTest, lookup: Lookup, now: number): boolean | undefined {
  const { path, as, operator, right } = expression as Comparison
  const [value, other] = [lookup(path), lookup(right as Path)]
  if (value === undefined || other === undefined) return undefined
  return compareAs(as === 'digest' ? 'digest' : 'any', value, operator, toLiteral(other), now)
}

function toLiteral(value: Value): Literal {
  return { text: String(value), quoted: typeof value === 'string', ...(typeof value === 'number' && { number: value }) }
}

function compareAs(as: FieldKind, value: Value, operator: Operator, right: Literal, now: number): boolean | undefined {
  if (operator === '~') return value !== null && matchesGlob(right.text, String(value))
  if (as === 'digest')
    return operator === '=' && typeof value === 'string' && value.startsWith(right.text.toLowerCase())
  if (as === 'moment') return typeof value === 'number' ? ordered(sideOf(value, right, now), operator, 0) : undefined
  const number = right.quoted && typeof value === 'string' ? undefined : right.number
  if (number !== undefined) {
    const own = toNumber(value)
    if (own !== undefined) return ordered(own, operator, number)
  }
  if (operator === '=') return isSame(value, right)
  return typeof value === 'string' && (right.number === undefined || right.quoted)
    ? ordered(value, operator, right.text)
    : undefined
}

const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i

/** Other tools log every parameter as text. */
function toNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value
  return typeof value === 'string' && value.length < 64 && numeral.test(value) ? Number(value) : undefined
}

function isSame(value: Value, { text, quoted }: Literal): boolean {
  if (typeof value === 'string') {
    // Python's True, as logged by MLflow.
    return value === text || (!quoted && /^(true|false)$/i.test(text) && value.toLowerCase() === text.toLowerCase())
  }
  return !quoted && String(value) === text.toLowerCase()
}

/** -1 before the time span a literal names, 0 within it, 1 after it. */
function sideOf(value: number, { moment }: Literal, now: number): number {
  if (!moment) return Number.NaN
  const from = 'from' in moment ? moment.from : now - moment.secondsAgo * 1000
  const to = 'to' in moment ? moment.to : from + 1
  return value < from ? -1 : value < to ? 0 : 1
}

function ordered<T extends number | string>(a: T, operator: Operator, b: T): boolean {
  switch (operator) {
    case '<':
      return a < b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '>=':
      return a >= b
    default:
      return a === b || (Number.isNaN(a) && Number.isNaN(b))
  }
}
