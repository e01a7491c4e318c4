import type { Value } from '../expression.ts'
import { type StringTable, StringTableBuilder } from './strings.ts'

/** What kinds of values there are. */
export const codes = { number: 0, text: 1, true: 2, false: 3, null: 4 } as const

/** A column as it lies in memory and in a file. */
export interface ColumnParts {
  /** Row of each value, ascending; absent when every row has one. */
  rows?: Uint32Array
  /** What each value is (see `codes`), or what all are. */
  kinds: Uint8Array | number
  /** The number, or the index of the text; narrow where none is a number. */
  values: Float64Array | Uint32Array
  strings: StringTable
}

/** The values of one field over all rows; most rows of most fields have none. */
export class Column {
  readonly parts: ColumnParts
  readonly #count: number
  /** Place of each row in the parts plus one. */
  #places: Uint32Array | undefined

  constructor(parts: ColumnParts, count: number) {
    this.parts = parts
    this.#count = count
  }

  at(row: number): Value | undefined {
    const place = this.place(row)
    return place < 0 ? undefined : this.valueAt(place)
  }

  /** Where the value of a row is in the parts; -1 when it has none. */
  place(row: number): number {
    const { rows } = this.parts
    if (!rows) return row
    return rows.length * 16 < this.#count ? search(rows, row) : this.#place(rows, row)
  }

  /** Which of the texts a value is; -1 when it is none. */
  textAt(place: number): number {
    const { kinds, values } = this.parts
    return (typeof kinds === 'number' ? kinds : kinds[place]) === codes.text ? (values[place] as number) : -1
  }

  /** Every row that has a value, with it. */
  *entries(): Generator<[row: number, value: Value]> {
    const { rows, values } = this.parts
    for (let place = 0; place < values.length; place++)
      yield [rows ? (rows[place] as number) : place, this.valueAt(place)]
  }

  /** The value at a place in the parts. */
  valueAt(place: number): Value {
    const { kinds, values, strings } = this.parts
    const kind = typeof kinds === 'number' ? kinds : kinds[place]
    if (kind === codes.number) return values[place] as number
    if (kind === codes.text) return strings.at(values[place] as number)
    return kind === codes.null ? null : kind === codes.true
  }

  #place(rows: Uint32Array, row: number): number {
    if (!this.#places) {
      this.#places = new Uint32Array(this.#count)
      for (let place = 0; place < rows.length; place++) this.#places[rows[place] as number] = place + 1
    }
    return (this.#places[row] as number) - 1
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

/** Gathers the values of a field, row by row, in ascending order. */
export class ColumnBuilder {
  readonly #rows: number[] = []
  readonly #kinds: number[] = []
  readonly #values: number[] = []
  readonly #strings = new StringTableBuilder()

  push(row: number, value: Value): void {
    this.#rows.push(row)
    if (typeof value === 'string') this.#add(codes.text, this.#strings.add(value))
    else if (typeof value === 'number') this.#add(codes.number, value)
    else this.#add(value === null ? codes.null : value ? codes.true : codes.false, 0)
  }

  #add(kind: number, value: number): void {
    this.#kinds.push(kind)
    this.#values.push(value)
  }

  /** `numbers`: what each row is called in the end, a negative one is dropped; `count`: how many there are then. */
  finish(numbers: Int32Array, count: number): ColumnParts | undefined {
    const places: number[] = []
    for (let place = 0; place < this.#rows.length; place++)
      if ((numbers[this.#rows[place] as number] as number) >= 0) places.push(place)
    if (places.length === 0) return undefined
    const kinds = Uint8Array.from(places, (place) => this.#kinds[place] as number)
    const values = places.map((place) => this.#values[place] as number)
    return {
      ...(places.length < count && {
        rows: Uint32Array.from(places, (place) => numbers[this.#rows[place] as number] as number),
      }),
      kinds: kinds.every((kind) => kind === kinds[0]) ? (kinds[0] as number) : kinds,
      values: kinds.includes(codes.number) ? Float64Array.from(values) : Uint32Array.from(values),
      strings: this.#strings.finish(),
    }
  }
}
