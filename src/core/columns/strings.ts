import { type Bytes, inMemory } from './bytes.ts'

/** Texts in one run of bytes: those that are not asked for are never decoded. */
export class StringTable {
  readonly bytes: Bytes
  /** Where each text ends. */
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

  /** -1 when it is none of them. */
  indexOf(text: string): number {
    const wanted = Buffer.from(text, 'utf8')
    const bytes = this.bytes.all()
    let from = 0
    for (let index = 0; index < this.ends.length; index++) {
      const to = this.ends[index] as number
      if (to - from === wanted.length && wanted.compare(bytes, from, to) === 0) return index
      from = to
    }
    return -1
  }
}

/** Gathers texts, each once. */
export class StringTableBuilder {
  readonly #index = new Map<string, number>()

  add(text: string): number {
    const known = this.#index.get(text)
    if (known !== undefined) return known
    this.#index.set(text, this.#index.size)
    return this.#index.size - 1
  }

  finish(): StringTable {
    const ends = new Uint32Array(this.#index.size)
    const parts: Buffer[] = []
    let end = 0
    let at = 0
    for (const text of this.#index.keys()) {
      const part = Buffer.from(text, 'utf8')
      parts.push(part)
      end += part.length
      ends[at++] = end
    }
    return new StringTable(inMemory(Buffer.concat(parts, end)), ends)
  }
}
