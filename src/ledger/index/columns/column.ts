import type { Value } from '../../../expression/expression.ts'
import { type StringTable, StringTableBuilder } from './strings.ts'

/** Codes of the kinds of values. */
export const codes = { number: 0, text: 1, true: 2, false: 3, null: 4, none: 5 } as const

/** A column as stored in memory and in a file. */
export interface ColumnParts {
  /** Row of each value, ascending; absent when there is one value per row. */
  rows?: Uint32Array
  /** The code of each value, or one code for all. */
  kinds: Uint8Array | number
  /** The number, or the index of the text; 32 bits wide when there are no numbers. */
  values: Float64Array | Uint32Array
  strings: StringTable
}

/** Rows are listed when fewer than one in this many has a value. */
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

  /** Index into the parts of a row's value; -1 when it has none. */
  place(row: number): number {
    const { rows } = this.parts
    return rows ? search(rows, row) : row
  }

  kindAt(place: number): number {
    const { kinds } = this.parts
    return typeof kinds === 'number' ? kinds : (kinds[place] as number)
  }

  /** The value at an index into the parts. */
  valueAt(place: number): Value | undefined {
    const { values, strings } = this.parts
    const kind = this.kindAt(place)
    if (kind === codes.number) return values[place] as number
    if (kind === codes.text) return strings.at(values[place] as number)
    return kind === codes.none ? undefined : kind === codes.null ? null : kind === codes.true
  }

  /** Every row that has a value, with its value. */
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

/** Builds a column on top of an existing one, whose strings are copied without being decoded. */
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

  /** Sets or replaces a row's value. */
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
   * `numbers`: the final number of each row, in unchanged order; negative ones are dropped. `count`: the final number of
   * rows. Undefined when no value is left.
   */
  finish(numbers: Int32Array, count: number): ColumnParts | undefined {
    const most = (this.#start?.values.length ?? 0) + this.#rows.length
    const built = most * sparse < count ? this.#sparse(numbers) : this.#dense(numbers, count)
    if (built.values.length === 0) return undefined
    const { kinds, values } = built
    return {
      ...(built.rows && { rows: built.rows }),
      kinds: kinds.every((kind) => kind === kinds[0]) ? (kinds[0] as number) : kinds,
      values: kinds.includes(codes.number) ? values : Uint32Array.from(values),
      strings: this.#strings.finish(),
    }
  }

  #dense(numbers: Int32Array, count: number): Values {
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

  #sparse(numbers: Int32Array): Values {
    const found = new Map<number, [kind: number, value: number]>()
    this.#each(numbers, (row, kind, value) => found.set(row, [kind, value]))
    const sorted = [...found].sort(([a], [b]) => a - b)
    return {
      rows: Uint32Array.from(sorted, ([row]) => row),
      kinds: Uint8Array.from(sorted, ([, [kind]]) => kind),
      values: Float64Array.from(sorted, ([, [, value]]) => value),
    }
  }

  /** Existing values first, then the ones set, so that the latter win. */
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

interface Values {
  rows?: Uint32Array
  kinds: Uint8Array
  values: Float64Array
}

function list(kinds: Uint8Array, values: Float64Array): Values {
  const rows = Uint32Array.from([...kinds.keys()].filter((row) => kinds[row] !== codes.none))
  return {
    rows,
    kinds: Uint8Array.from(rows, (row) => kinds[row] as number),
    values: Float64Array.from(rows, (row) => values[row] as number),
  }
}
