import type { Column } from './columns/column.ts'
import type { SortKey } from './expression/keys.ts'
import type { Expression, Value } from './expression.ts'
import { rowTest } from './run-index/row-test.ts'
import type { RunIndex } from './run-index.ts'

/** The rows of the runs an expression holds for. `now` in ms since the epoch. */
export function matchingRows(index: RunIndex, where: Expression | undefined, now: number): number[] {
  const test = where && rowTest(index, where, now)
  const rows: number[] = []
  for (let row = 0; row < index.count; row++) if (!test || test(row) === true) rows.push(row)
  return rows
}

/**
 * The first `limit` rows in the order of the keys, the first decides. Numbers come before text; what has no value, or
 * NaN, comes last whichever way; runs that are alike stay as they were.
 */
export function sortRows(
  index: RunIndex,
  rows: readonly number[],
  keys: readonly SortKey[],
  limit = Number.POSITIVE_INFINITY,
): number[] {
  const ranked = keys.map(({ path, descending }) => rank(index.column(path), rows, descending))
  const order = leastOf(rows.length, limit, (a, b) => {
    for (const one of ranked) {
      const difference = compareRanked(one, a, b)
      if (difference !== 0) return difference
    }
    return a - b
  })
  return order.map((at) => rows[at] as number)
}

/** The least `limit` of the numbers below `count`, sorted; few of many take no sorting of all. */
function leastOf(count: number, limit: number, compare: (a: number, b: number) => number): number[] {
  const all: number[] = []
  for (let at = 0; at < count; at++) all.push(at)
  if (limit * 16 > count) return all.sort(compare).slice(0, limit)
  const least = all.splice(0, limit).sort(compare)
  for (const one of all) {
    if (compare(one, least[limit - 1] as number) > 0) continue
    let at = limit - 1
    for (; at > 0 && compare(one, least[at - 1] as number) < 0; at--) least[at] = least[at - 1] as number
    least[at] = one
  }
  return least
}

/** The values of rows made ready to be compared. */
interface Ranked {
  /** 0 number, 1 text, 2 other, 3 none. */
  ranks: Uint8Array
  /** Of those that are numbers, in the direction asked for. */
  numbers: Float64Array
  others: readonly Value[]
  descending: boolean
}

const last = 3

function rank(column: Column | undefined, rows: readonly number[], descending: boolean): Ranked {
  const ranks = new Uint8Array(rows.length).fill(last)
  const numbers = new Float64Array(rows.length)
  const others: Value[] = []
  for (let at = 0; column && at < rows.length; at++) {
    const value = column.at(rows[at] as number)
    if (value === undefined) continue
    if (typeof value !== 'number') {
      ranks[at] = typeof value === 'string' ? 1 : 2
      others[at] = value
    } else if (!Number.isNaN(value)) {
      ranks[at] = 0
      numbers[at] = descending ? -value : value
    }
  }
  return { ranks, numbers, others, descending }
}

function compareRanked({ ranks, numbers, others, descending }: Ranked, a: number, b: number): number {
  const [rankA, rankB] = [ranks[a] as number, ranks[b] as number]
  if (rankA !== rankB) return rankA - rankB
  if (rankA === 0) return compare(numbers[a] as number, numbers[b] as number)
  if (rankA === last) return 0
  const difference = compare(others[a] as string, others[b] as string)
  return descending ? -difference : difference
}

const compare = <T extends string | number>(a: T, b: T) => (a < b ? -1 : a > b ? 1 : 0)
