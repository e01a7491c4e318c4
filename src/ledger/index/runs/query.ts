import type { Expression, Value } from '../../../expression/expression.ts'
import type { SortKey } from '../../../expression/keys.ts'
import type { Column } from '../columns/column.ts'
import { rowsWhere } from './answers.ts'
import type { RunIndex } from './index.ts'

/** The rows of the runs that match an expression. `now` is in ms since the epoch. */
export function matchingRows(index: RunIndex, where: Expression | undefined, now: number): number[] {
  return where ? rowsWhere(index, where, now) : Array.from({ length: index.count }, (_, row) => row)
}

/**
 * The first `limit` rows sorted by the keys, the first key being the most significant. Numbers come before text; missing
 * values and NaN come last in either direction; the sort is stable.
 */
export function sortRows(
  index: RunIndex,
  rows: readonly number[],
  keys: readonly SortKey[],
  limit = Number.POSITIVE_INFINITY,
): number[] {
  const ranked = keys.map(({ path, descending }) => rank(index.column(path), rows, descending))
  const [first] = ranked
  const order = first ? candidates(first, limit) : Array.from(rows.keys())
  order.sort((a, b) => {
    for (const one of ranked) {
      const difference = compareRanked(one, a, b)
      if (difference !== 0) return difference
    }
    return a - b
  })
  return order.slice(0, limit).map((at) => rows[at] as number)
}

/** Rows that can be among the first few; drops numbers that too many others precede. */
function candidates({ ranks, numbers }: Ranked, limit: number): number[] {
  const places = Array.from(ranks.keys())
  const sorted = numbers.filter((_, at) => ranks[at] === 0).sort()
  if (limit * 16 > places.length || sorted.length < limit) return places
  const last = sorted[limit - 1] as number
  return places.filter((at) => ranks[at] === 0 && (numbers[at] as number) <= last)
}

/** Row values prepared for comparison. */
interface Ranked {
  /** 0 number, 1 text, 2 other, 3 none. */
  ranks: Uint8Array
  /** The numeric values, negated for descending order. */
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
