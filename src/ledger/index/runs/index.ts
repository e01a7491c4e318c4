import { formatPath, type Lookup, type Path, type Value } from '../../../expression/expression.ts'
import type { Column } from '../columns/column.ts'
import type { FileTable } from './files.ts'
import type { MemberTable } from './members.ts'

/** A replay or remark whose run is missing (so far). */
export interface PendingLinks {
  kind: 'replay' | 'remark'
  id: string
  oid: string
  /** Ids of the records it is about. */
  to: string[]
  time: string
  verdict?: string
  lesson?: string
}

/** The parts of an index, each read on first use. */
export interface IndexSource {
  /** Number of runs. */
  count: number
  paths: readonly Path[]
  directions: Readonly<Record<string, 'maximize' | 'minimize'>>
  pendingLinks: readonly PendingLinks[]
  column(path: Path): Column | undefined
  /** The values of some rows as a separate column; undefined when that would save nothing. */
  some?(path: Path, rows: readonly number[]): Column | undefined
  files(): FileTable
  members(): MemberTable
}

/** All runs of a ledger as columns: one row per run, one column per field. */
export class RunIndex {
  readonly source: IndexSource
  readonly #columns = new Map<string, Column | undefined>()
  readonly #byPath = new Map<Path, Column | undefined>()
  #files: FileTable | undefined
  #members: MemberTable | undefined

  constructor(source: IndexSource) {
    this.source = source
  }

  get count(): number {
    return this.source.count
  }

  get files(): FileTable {
    this.#files ??= this.source.files()
    return this.#files
  }

  get members(): MemberTable {
    this.#members ??= this.source.members()
    return this.#members
  }

  /** The column of a field; undefined when no run has it. */
  column(path: Path): Column | undefined {
    if (this.#byPath.has(path)) return this.#byPath.get(path)
    const key = formatPath(path)
    if (!this.#columns.has(key)) this.#columns.set(key, this.#load(path))
    const column = this.#columns.get(key)
    this.#byPath.set(path, column)
    return column
  }

  #load(path: Path): Column | undefined {
    const { name } = path
    if (name !== undefined && path.root === 'data') return this.files.column('input', name, this.count)
    if (name !== undefined && path.root === 'outputs') return this.files.column('output', name, this.count)
    return this.source.column(path)
  }

  /** The values of a field for some rows. When they are few, only those are read. */
  valuesOf(path: Path, rows: readonly number[]): (Value | undefined)[] {
    const few = rows.length * 16 <= this.count
    const role = path.root === 'data' ? 'input' : path.root === 'outputs' ? 'output' : undefined
    if (few && role && path.name !== undefined) return this.#digestsOf(role, path.name, rows)
    const some = few && !this.#columns.has(formatPath(path)) ? this.source.some?.(path, rows) : undefined
    if (some) return rows.map((_, at) => some.at(at))
    const column = this.column(path)
    return rows.map((row) => column?.at(row))
  }

  #digestsOf(role: 'input' | 'output', name: string, rows: readonly number[]): (string | undefined)[] {
    const digests = new Map<number, string | undefined>()
    for (const file of this.files.ofRows(rows))
      if ((file.role === 'output') === (role === 'output') && file.name === name && !digests.has(file.row))
        digests.set(file.row, file.digest)
    return rows.map((row) => digests.get(row))
  }

  /** Looks up fields of whichever run `row` returns at the time, for `evaluate`. */
  lookup(row: () => number): Lookup {
    return (path) => this.column(path)?.at(row())
  }
}

/** The value of a text field. */
export function textAt(index: RunIndex, path: Path, row: number): string | undefined {
  const value = index.column(path)?.at(row)
  return typeof value === 'string' ? value : undefined
}
