import { fileName } from '../../../expression/run-vocabulary.ts'
import type { Run } from '../../../records/record.ts'
import { usedInputs } from '../../../records/run.ts'
import { asWords, type Bytes, bytesOf, inMemory } from '../columns/bytes.ts'
import { Column, ColumnBuilder } from '../columns/column.ts'
import { type StringTable, StringTableBuilder } from '../columns/strings.ts'

/** present: a declared dataset that was available, while the run itself said which data it used. */
export type FileRole = 'input' | 'output' | 'present'

/** A file that a run used or produced. */
export interface IndexedFile {
  row: number
  role: FileRole
  path: string
  /** Its dataset's name, or else its path. */
  name: string
  digest: string | undefined
}

/** With a number for its content: equal numbers mean equal digests; 0 when there is none. */
export interface ListedFile extends IndexedFile {
  content: number
}

/** The files of all runs in row order. */
export interface FileParts {
  /** Five 32-bit numbers per file: row, role, path, name and digest (its index plus one, or 0 for none). */
  words: Bytes
  /** The number of files before each row, followed by the total. */
  starts: Uint32Array
  names: StringTable
  digests: StringTable
}

const width = 5
const bytesOfOne = width * 4
const roles = { input: 0, output: 1, present: 2 } as const
const roleNames = ['input', 'output', 'present'] as const

/** Which run used or produced what. */
export class FileTable {
  readonly parts: FileParts
  #byContent: Groups | undefined
  // Printing a table requests the same rows for every column.
  #lastRows: readonly number[] | undefined
  #lastFiles: ListedFile[] = []

  constructor(parts: FileParts) {
    this.parts = parts
  }

  get length(): number {
    return this.parts.words.length / bytesOfOne
  }

  get #words(): Uint32Array {
    return asWords(this.parts.words.all())
  }

  at(index: number): ListedFile {
    return this.#list(this.#words.subarray(index * width, (index + 1) * width))
  }

  #list(words: Uint32Array): ListedFile {
    const [row, role, path, name, digest] = words as unknown as [number, number, number, number, number]
    const { names, digests } = this.parts
    return {
      row,
      role: roleNames[role] ?? 'present',
      path: names.at(path),
      name: names.at(name),
      digest: digest === 0 ? undefined : digests.at(digest - 1),
      content: digest,
    }
  }

  /** The files of a run. */
  ofRow(row: number): ListedFile[] {
    const { starts, words } = this.parts
    const [from = 0, to = 0] = starts.subarray(row, row + 2)
    const own = asWords(words.slice(from * bytesOfOne, to * bytesOfOne))
    return Array.from({ length: to - from }, (_, at) => this.#list(own.subarray(at * width, (at + 1) * width)))
  }

  /** The files of some runs. */
  ofRows(rows: readonly number[]): ListedFile[] {
    if (rows === this.#lastRows) return this.#lastFiles
    this.#lastRows = rows
    this.#lastFiles = rows.flatMap((row) => this.ofRow(row))
    return this.#lastFiles
  }

  /** The digest of the first file with a name, run by run. Present data counts as input. */
  column(role: 'input' | 'output', name: string, count: number): Column | undefined {
    const builder = new ColumnBuilder()
    const { names, digests } = this.parts
    const words = this.#words
    const wanted = names.indexOf(name)
    const seen = new Set<number>()
    for (let at = 0; wanted >= 0 && at < words.length; at += width) {
      const row = words[at] as number
      if (words[at + 3] !== wanted || (words[at + 1] === roles.output) !== (role === 'output') || seen.has(row))
        continue
      seen.add(row)
      const digest = words[at + 4] as number
      if (digest > 0) builder.set(row, digests.at(digest - 1))
    }
    const parts = builder.finish(
      Int32Array.from({ length: count }, (_, row) => row),
      count,
    )
    return parts && new Column(parts)
  }

  /** Every file with a content, by the content's number. */
  ofContent(content: number): ListedFile[] {
    this.#byContent ??= group(this.#words, 4)
    const { starts, order } = this.#byContent
    if (content === 0) return []
    return Array.from(order.subarray(starts[content] ?? 0, starts[content + 1] ?? 0), (index) => this.at(index))
  }

  /** Every file with a content, by its digest. */
  ofDigest(digest: string): ListedFile[] {
    return this.ofContent(this.parts.digests.indexOf(digest) + 1)
  }

  /** The numbers of the contents whose digest has a prefix. */
  contentsLike(prefix: string): number[] {
    return this.parts.digests.startingWith(prefix).map((index) => index + 1)
  }

  /** Every file with a path. */
  ofPath(path: string): ListedFile[] {
    const words = this.#words
    const wanted = this.parts.names.indexOf(path)
    const found: ListedFile[] = []
    for (let index = 0; wanted >= 0 && index < this.length; index++)
      if (words[index * width + 2] === wanted || words[index * width + 3] === wanted) found.push(this.at(index))
    return found
  }
}

/** Files sorted by a key: those of key k are `order[starts[k]]` up to, not including, `order[starts[k + 1]]`. */
interface Groups {
  starts: Uint32Array
  order: Uint32Array
}

/** A counting sort: 300,000 files in a few milliseconds. */
function group(words: Uint32Array, column: number): Groups {
  const count = words.length / width
  let most = 0
  for (let at = column; at < words.length; at += width) most = Math.max(most, words[at] as number)
  const starts = new Uint32Array(most + 2)
  for (let at = column; at < words.length; at += width) add(starts, (words[at] as number) + 1, 1)
  for (let key = 1; key < starts.length; key++) add(starts, key, starts[key - 1] as number)
  const next = starts.slice()
  const order = new Uint32Array(count)
  for (let index = 0; index < count; index++) {
    const key = words[index * width + column] as number
    order[next[key] as number] = index
    add(next, key, 1)
  }
  return { starts, order }
}

function add(numbers: Uint32Array, at: number, amount: number): void {
  numbers[at] = (numbers[at] as number) + amount
}

/** Builds a table on top of an existing one. */
export class FileTableBuilder {
  readonly #start: Uint32Array
  readonly #words: number[] = []
  readonly #names: StringTableBuilder
  readonly #digests: StringTableBuilder

  constructor(start?: FileTable) {
    const { words, names, digests } = start?.parts ?? {}
    this.#start = words ? asWords(words.all()) : new Uint32Array(0)
    this.#names = new StringTableBuilder(names, true)
    this.#digests = new StringTableBuilder(digests, true)
  }

  addRecord(row: number, record: Run): void {
    const isUsed = usedInputs(record)
    for (const file of record.inputs) this.#add({ ...named(file), row, role: isUsed(file) ? 'input' : 'present' })
    for (const file of record.outputs ?? []) this.#add({ ...named(file), row, role: 'output' })
  }

  #add({ row, role, path, name, digest }: IndexedFile): void {
    const digestWord = digest === undefined ? 0 : this.#digests.add(digest) + 1
    this.#words.push(row, roles[role], this.#names.add(path), this.#names.add(name), digestWord)
  }

  /**
   * `numbers`: the final number of each row; negative ones are dropped. `count`: the final number of rows. Rows were added
   * in ascending order and stay so.
   */
  finish(numbers: Int32Array, count: number): FileParts {
    const kept = new Uint32Array(this.#start.length + this.#words.length)
    const starts = new Uint32Array(count + 1)
    let end = 0
    for (const words of [this.#start, this.#words])
      for (let at = 0; at < words.length; at += width) {
        const row = numbers[words[at] as number] as number
        if (row < 0) continue
        kept[end] = row
        for (let part = 1; part < width; part++) kept[end + part] = words[at + part] as number
        end += width
        add(starts, row + 1, 1)
      }
    for (let row = 0; row < count; row++) add(starts, row + 1, starts[row] as number)
    const words = inMemory(bytesOf(kept.subarray(0, end)))
    return { words, starts, names: this.#names.finish(), digests: this.#digests.finish() }
  }
}

const named = (file: Run['inputs'][number]) => ({ path: file.path, name: fileName(file), digest: file.digest })
