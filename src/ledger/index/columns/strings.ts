import { type Bytes, inMemory } from './bytes.ts'

/** Texts stored in one run of bytes and decoded only when needed. */
export class StringTable {
  readonly bytes: Bytes
  /** The end offset of each text. */
  readonly ends: Uint32Array
  readonly #decoded = new Map<number, string>()

  constructor(bytes: Bytes, ends: Uint32Array) {
    this.bytes = bytes
    this.ends = ends
  }

  get length(): number {
    return this.ends.length
  }

  at(index: number): string {
    const known = this.#decoded.get(index)
    if (known !== undefined) return known
    const from = index === 0 ? 0 : (this.ends[index - 1] as number)
    const text = this.bytes.slice(from, this.ends[index] as number).toString('utf8')
    this.#decoded.set(index, text)
    return text
  }

  /** The index of a text, or -1. */
  indexOf(text: string): number {
    const length = Buffer.byteLength(text)
    return this.startingWith(text).find((index) => this.#lengthOf(index) === length) ?? -1
  }

  /** The indexes of texts with a prefix, found without decoding. */
  startingWith(prefix: string): number[] {
    const wanted = Buffer.from(prefix, 'utf8')
    const bytes = this.bytes.all()
    const found: number[] = []
    let from = 0
    for (let index = 0; index < this.ends.length; index++) {
      const to = this.ends[index] as number
      const end = from + wanted.length
      if (end <= to && (end === from || bytes[from] === wanted[0]) && wanted.compare(bytes, from, end) === 0)
        found.push(index)
      from = to
    }
    return found
  }

  #lengthOf(index: number): number {
    return (this.ends[index] as number) - (index === 0 ? 0 : (this.ends[index - 1] as number))
  }
}

/** Above this many existing texts, additions are not compared with them, so one text may appear twice. */
const mostCompared = 4096

/** Builds a table on top of an existing one: each text once, always with `exact`, otherwise nearly always. */
export class StringTableBuilder {
  readonly #start: StringTable | undefined
  readonly #exact: boolean
  readonly #index = new Map<string, number>()
  readonly #added: string[] = []

  constructor(start?: StringTable, exact = false) {
    this.#start = start?.length === 0 ? undefined : start
    this.#exact = exact
  }

  add(text: string): number {
    if (this.#added.length === 0) this.#readStart()
    const known = this.#index.get(text)
    if (known !== undefined) return known
    const index = (this.#start?.length ?? 0) + this.#added.length
    this.#index.set(text, index)
    this.#added.push(text)
    return index
  }

  #readStart(): void {
    const start = this.#start
    if (!start || this.#index.size > 0 || (start.length > mostCompared && !this.#exact)) return
    const bytes = start.bytes.all()
    let from = 0
    for (let index = 0; index < start.length; index++) {
      const to = start.ends[index] as number
      this.#index.set(bytes.toString('utf8', from, to), index)
      from = to
    }
  }

  finish(): StringTable {
    const start = this.#start
    if (start && this.#added.length === 0) return start
    const parts = [start?.bytes.all() ?? Buffer.alloc(0), ...this.#added.map((text) => Buffer.from(text, 'utf8'))]
    const ends = new Uint32Array((start?.length ?? 0) + this.#added.length)
    if (start) ends.set(start.ends)
    let end = 0
    parts.forEach((part, at) => {
      end += part.length
      if (at > 0) ends[(start?.length ?? 0) + at - 1] = end
    })
    return new StringTable(inMemory(Buffer.concat(parts, end)), ends)
  }
}
