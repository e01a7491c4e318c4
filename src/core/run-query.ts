import type { Column } from './columns/column.ts'
import { evaluate } from './expression/evaluate.ts'
import type { SortKey } from './expression/keys.ts'
import type { Expression, Value } from './expression.ts'
import type { RunIndex } from './run-index.ts'

/** The rows of the runs an expression holds for. `now` in ms since the epoch. */
export function matchingRows(index: RunIndex, where: Expression | undefined, now: number): number[] {
  const rows: number[] = []
  let row = 0
  const lookup = index.lookup(() => row)
  for (; row < index.count; row++) if (!where || evaluate(where, lookup, now) === true) rows.push(row)
  return rows
}

/**
 * Rows in the order of the keys, the first decides. Numbers come before text; what has no value, or NaN, comes last
 * whichever way; runs that are alike stay as they were.
 */
export function sortRows(index: RunIndex, rows: readonly number[], keys: readonly SortKey[]): number[] {
  const columns = keys.map(({ path, descending }) => ({ column: valuesOf(index.column(path), rows), descending }))
  const order = Array.from(rows.keys())
  order.sort((a, b) => {
    for (const { column, descending } of columns) {
      const difference = compareValues(column[a], column[b], descending)
      if (difference !== 0) return difference
    }
    return a - b
  })
  return order.map((at) => rows[at] as number)
}

function valuesOf(column: Column | undefined, rows: readonly number[]): (Value | undefined)[] {
  return rows.map((row) => column?.at(row))
}

function compareValues(a: Value | undefined, b: Value | undefined, descending: boolean): number {
  const [rankA, rankB] = [rankOf(a), rankOf(b)]
  if (rankA !== rankB) return rankA - rankB
  if (a === b || rankA === last) return 0
  const less = (a as string) < (b as string)
  return less === descending ? 1 : -1
}

const last = 3

function rankOf(value: Value | undefined): number {
  if (typeof value === 'number') return Number.isNaN(value) ? last : 0
  if (typeof value === 'string') return 1
  return value === undefined ? last : 2
}
