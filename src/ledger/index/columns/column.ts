import type { Value } from '../../../expression/expression.ts'
import { type StringTable, StringTableBuilder } from './strings.ts'

/** What kinds of values there are. */
export const codes = { number: 0, text: 1, true: 2, false: 3, null: 4, none: 5 } as const

/** A column as it lies in memory and in a file. */
export interface ColumnParts {
  /** Row of each value, ascending; absent where the values lie row by row. */
  rows?: Uint32Array
  /** What each value is (see `codes`), or what all are. */
  kinds: Uint8Array | number
  /** The number, or the index of the text; narrow where none is a number. */
  values: Float64Array | Uint32Array
  strings: StringTable
}

/** Fewer rows than one in so many have a value: the rows are listed. */
const sparse = 16

/** The values of one field over all rows. */
export class Column {
  readonly parts: ColumnParts

  constructor(parts: ColumnParts) {
    this.parts = parts
  }

  at(row: number): Value | undefined {
    const place = this.place(row)
    return place < 0 ? undefined : this.valueAt(place)
  }

  /** Where the value of a row is in the parts; -1 when it has none. */
  place(row: number): number {
    const { rows } = this.parts
    return rows ? search(rows, row) : row
  }

  kindAt(place: number): number {
    const { kinds } = this.parts
    return typeof kinds === 'number' ? kinds : (kinds[place] as number)
  }

  /** The value at a place in the parts. */
  valueAt(place: number): Value | undefined {
    const { values, strings } = this.parts
    const kind = this.kindAt(place)
    if (kind === codes.number) return values[place] as number
    if (kind === codes.text) return strings.at(values[place] as number)
    return kind === codes.none ? undefined : kind === codes.null ? null : kind === codes.true
  }

  /** Every row that has a value, with it. */
  *entries(): Generator<[row: number, value: Value]> {
    const { rows, values } = this.parts
    for (let place = 0; place < values.length; place++) {
      const value = this.valueAt(place)
      if (value !== undefined) yield [rows ? (rows[place] as number) : place, value]
    }
  }
}

function search(rows: Uint32Array, row: number): number {
  let [low, high] = [0, rows.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = rows[middle] as number
    if (found === row) return middle
    if (found < row) low = middle + 1
    else high = middle - 1
  }
  return -1
}

/** Gathers the values of a field, from those there were on: these are copied, never looked at one by one. */
export class ColumnBuilder {
  readonly #start: ColumnParts | undefined
  readonly #rows: number[] = []
  readonly #kinds: number[] = []
  readonly #values: number[] = []
  readonly #strings: StringTableBuilder

  constructor(start?: ColumnParts) {
    this.#start = start
    this.#strings = new StringTableBuilder(start?.strings)
  }

  /** Of a row that may have had another. */
  set(row: number, value: Value): void {
    this.#rows.push(row)
    if (typeof value === 'string') this.#add(codes.text, this.#strings.add(value))
    else if (typeof value === 'number') this.#add(codes.number, value)
    else this.#add(value === null ? codes.null : value ? codes.true : codes.false, 0)
  }

  #add(kind: number, value: number): void {
    this.#kinds.push(kind)
    this.#values.push(value)
  }

  /**
   * `numbers`: what each row is called in the end, in the same order, a negative one is dropped; `count`: how many there
   * are then. Undefined when no value is left.
   */
  finish(numbers: Int32Array, count: number): ColumnParts | undefined {
    const most = (this.#start?.values.length ?? 0) + this.#rows.length
    const laid = most * sparse < count ? this.#listed(numbers) : this.#rowByRow(numbers, count)
    if (laid.values.length === 0) return undefined
    const { kinds, values } = laid
    return {
      ...(laid.rows && { rows: laid.rows }),
      kinds: kinds.every((kind) => kind === kinds[0]) ? (kinds[0] as number) : kinds,
      values: kinds.includes(codes.number) ? values : Uint32Array.from(values),
      strings: this.#strings.finish(),
    }
  }

  #rowByRow(numbers: Int32Array, count: number): Laid {
    const kinds = new Uint8Array(count).fill(codes.none)
    const values = new Float64Array(count)
    let found = 0
    this.#each(numbers, (row, kind, value) => {
      if (kinds[row] === codes.none) found += 1
      kinds[row] = kind
      values[row] = value
    })
    return found * sparse < count || found === 0 ? list(kinds, values) : { kinds, values }
  }

  #listed(numbers: Int32Array): Laid {
    const found = new Map<number, [kind: number, value: number]>()
    this.#each(numbers, (row, kind, value) => found.set(row, [kind, value]))
    const sorted = [...found].sort(([a], [b]) => a - b)
    return {
      rows: Uint32Array.from(sorted, ([row]) => row),
      kinds: Uint8Array.from(sorted, ([, [kind]]) => kind),
      values: Float64Array.from(sorted, ([, [, value]]) => value),
    }
  }

  /** What there was before what was set, so that the latter counts. */
  #each(numbers: Int32Array, found: (row: number, kind: number, value: number) => void): void {
    const { rows, kinds = codes.none, values } = this.#start ?? {}
    for (let place = 0; place < (values?.length ?? 0); place++) {
      const row = numbers[rows ? (rows[place] as number) : place] as number
      const kind = typeof kinds === 'number' ? kinds : (kinds[place] as number)
      if (row >= 0 && kind !== codes.none) found(row, kind, values?.[place] as number)
    }
    for (let at = 0; at < this.#rows.length; at++) {
      const row = numbers[this.#rows[at] as number] as number
      if (row >= 0) found(row, this.#kinds[at] as number, this.#values[at] as number)
    }
  }
}

interface Laid {
  rows?: Uint32Array
  kinds: Uint8Array
  values: Float64Array
}

function list(kinds: Uint8Array, values: Float64Array): Laid {
  const rows = Uint32Array.from([...kinds.keys()].filter((row) => kinds[row] !== codes.none))
  return {
    rows,
    kinds: Uint8Array.from(rows, (row) => kinds[row] as number),
    values: Float64Array.from(rows, (row) => values[row] as number),
  }
}
