import { Column, ColumnBuilder } from '../columns/column.ts'
import { type StringTable, StringTableBuilder } from '../columns/strings.ts'
import type { Run } from '../record.ts'
import { fileName } from '../run-fields.ts'

export type FileRole = 'input' | 'output'

/** A file a run used or made. */
export interface IndexedFile {
  row: number
  role: FileRole
  path: string
  /** Its dataset's name, else its path. */
  name: string
  digest: string | undefined
}

/** The files of all runs, five numbers each: row, role, path, name and digest (0: none, else its index plus one). */
export interface FileParts {
  words: Uint32Array
  names: StringTable
  digests: StringTable
}

const width = 5
const roles = { input: 0, output: 1 } as const

/** Which run used or made what. */
export class FileTable {
  readonly parts: FileParts
  #byDigest: Map<number, number[]> | undefined
  #byRow: Map<number, number[]> | undefined
  // A table asks for the same rows once a column.
  #asked: readonly number[] | undefined
  #answer: IndexedFile[] = []

  constructor(parts: FileParts) {
    this.parts = parts
  }

  get length(): number {
    return this.parts.words.length / width
  }

  at(index: number): IndexedFile {
    const [row, role, path, name, digest] = this.parts.words.subarray(
      index * width,
      (index + 1) * width,
    ) as unknown as [number, number, number, number, number]
    const { names, digests } = this.parts
    return {
      row,
      role: role === roles.input ? 'input' : 'output',
      path: names.at(path),
      name: names.at(name),
      digest: digest === 0 ? undefined : digests.at(digest - 1),
    }
  }

  /** The files of a run. */
  ofRow(row: number): IndexedFile[] {
    this.#byRow ??= this.#group(0)
    return (this.#byRow.get(row) ?? []).map((index) => this.at(index))
  }

  /** The files of some runs, in one pass. */
  ofRows(rows: readonly number[]): IndexedFile[] {
    if (rows === this.#asked) return this.#answer
    const wanted = new Set(rows)
    const found: IndexedFile[] = []
    for (let index = 0; index < this.length; index++)
      if (wanted.has(this.parts.words[index * width] as number)) found.push(this.at(index))
    this.#asked = rows
    this.#answer = found
    return found
  }

  /** The digests of what one name stands for, run by run: of the first file so called. */
  column(role: FileRole, name: string, count: number): Column | undefined {
    const builder = new ColumnBuilder()
    const { words, names, digests } = this.parts
    const wanted = names.indexOf(name)
    const seen = new Set<number>()
    for (let at = 0; wanted >= 0 && at < words.length; at += width) {
      const row = words[at] as number
      if (words[at + 3] !== wanted || words[at + 1] !== roles[role] || seen.has(row)) continue
      seen.add(row)
      const digest = words[at + 4] as number
      if (digest > 0) builder.push(row, digests.at(digest - 1))
    }
    const parts = builder.finish(
      Int32Array.from({ length: count }, (_, row) => row),
      count,
    )
    return parts && new Column(parts, count)
  }

  /** Every use and making of a content. */
  ofDigest(digest: string): IndexedFile[] {
    this.#byDigest ??= this.#group(4)
    const place = this.parts.digests.indexOf(digest)
    return place < 0 ? [] : (this.#byDigest.get(place + 1) ?? []).map((index) => this.at(index))
  }

  /** Every digest that begins with some digits. */
  digestsLike(prefix: string): string[] {
    const { digests } = this.parts
    return Array.from({ length: digests.length }, (_, index) => digests.at(index)).filter((one) =>
      one.startsWith(prefix),
    )
  }

  #group(column: number): Map<number, number[]> {
    const groups = new Map<number, number[]>()
    const { words } = this.parts
    for (let index = 0; index < this.length; index++) {
      const key = words[index * width + column] as number
      const group = groups.get(key)
      if (group) group.push(index)
      else groups.set(key, [index])
    }
    return groups
  }
}

export class FileTableBuilder {
  readonly #words: number[] = []
  readonly #names = new StringTableBuilder()
  readonly #digests = new StringTableBuilder()

  addRecord(row: number, record: Run): void {
    for (const file of record.inputs) this.add({ ...named(file), row, role: 'input' })
    for (const file of record.outputs ?? []) this.add({ ...named(file), row, role: 'output' })
  }

  add({ row, role, path, name, digest }: IndexedFile): void {
    const digestWord = digest === undefined ? 0 : this.#digests.add(digest) + 1
    this.#words.push(row, roles[role], this.#names.add(path), this.#names.add(name), digestWord)
  }

  /** `numbers`: what each row is called in the end; a negative one is dropped. */
  finish(numbers: Int32Array): FileParts {
    const kept: number[] = []
    for (let at = 0; at < this.#words.length; at += width) {
      const row = numbers[this.#words[at] as number] as number
      if (row >= 0) kept.push(row, ...this.#words.slice(at + 1, at + width))
    }
    return { words: Uint32Array.from(kept), names: this.#names.finish(), digests: this.#digests.finish() }
  }
}

const named = (file: Run['inputs'][number]) => ({ path: file.path, name: fileName(file), digest: file.digest })
