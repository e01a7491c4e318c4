import { formatPath, type Path, type Value } from '../../../expression/expression.ts'
import { fieldsOf } from '../../../expression/run-vocabulary.ts'
import type { ProvRecord, Remark, Replay, Run, StoredRecord } from '../../../records/record.ts'
import { Column, ColumnBuilder } from '../columns/column.ts'
import { FileTable, FileTableBuilder } from './files.ts'
import { type PendingLinks, RunIndex } from './index.ts'
import { MemberTableBuilder } from './members.ts'
import { foldedFields, outranks, type RunState, readState, runIdPath, stateOf } from './state.ts'

/**
 * Folds records into rows as `foldRuns` folds them into views, but keeps only columns, for 100,000 runs and more. Starting
 * from an existing index, it touches only the runs that new records are about.
 */
export class RunIndexBuilder {
  readonly #start: RunIndex | undefined
  readonly #columns = new Map<string, { path: Path; builder: ColumnBuilder }>()
  readonly #files: FileTableBuilder
  readonly #members: MemberTableBuilder
  /** New runs, and runs that new records are about, by runId. */
  readonly #runs = new Map<string, RunState>()
  /** Those of them that were in the start index, by their row there. */
  readonly #before = new Map<number, RunState>()
  /** Runs by the ids of added records. */
  readonly #byRecord = new Map<string, RunState>()
  readonly #directions: Record<string, 'maximize' | 'minimize'>
  readonly #waiting: PendingLinks[]
  #rowsByRunId: Map<Value, number> | undefined
  #rows: number

  constructor(start?: RunIndex) {
    this.#start = start
    this.#files = new FileTableBuilder(start?.files)
    this.#members = new MemberTableBuilder(start?.members)
    this.#directions = Object.assign(Object.create(null), start?.source.directions)
    this.#waiting = [...(start?.source.pendingLinks ?? [])]
    this.#rows = start?.count ?? 0
    for (const path of start?.source.paths ?? [])
      this.#columns.set(formatPath(path), { path, builder: new ColumnBuilder(start?.column(path)?.parts) })
  }

  /** `oid`: the blob of the record. */
  add({ record, id }: StoredRecord<ProvRecord>, oid: string): void {
    if (record.kind === 'run') this.#addRun(record, id, oid)
    if (record.kind === 'replay') this.#waiting.push({ kind: 'replay', id, oid, ...annotation(record, 'replays') })
    if (record.kind === 'remark') this.#waiting.push({ kind: 'remark', id, oid, ...annotation(record, 'annotates') })
  }

  #addRun(record: Run, id: string, oid: string): void {
    const known = this.#find(record.runId)
    const run = known ?? stateOf(record, id)
    this.#runs.set(record.runId, run)
    this.#byRecord.set(id, run)
    this.#members.add({ kind: 'run', id, oid, run })
    const isEffective = !known || outranks(record, run)
    // A run's id is that of its plan, or without a plan that of its effective record.
    if (record.phase === 'planned' || (isEffective && !run.hasPlan)) run.id = id
    if (record.phase === 'planned') run.hasPlan = true
    if (isEffective) this.#setValues(run, record)
  }

  #setValues(run: RunState, record: Run): void {
    const { phase, time } = record
    Object.assign(run, {
      row: this.#rows++,
      planned: phase === 'planned',
      lost: record.outcome?.status === 'lost',
      time,
    })
    for (const [path, value] of fieldsOf(record)) this.#set(run.row, path, value)
    for (const [name, { direction }] of Object.entries(record.metrics ?? {}))
      if (direction) this.#directions[name] = direction
    this.#files.addRecord(run.row, record)
  }

  #find(runId: string): RunState | undefined {
    const start = this.#start
    this.#rowsByRunId ??= new Map([...(start?.column(runIdPath)?.entries() ?? [])].map(([row, value]) => [value, row]))
    const row = this.#rowsByRunId.get(runId)
    return this.#runs.get(runId) ?? (row === undefined ? undefined : this.#take(row))
  }

  /** The state of a run in the start index, to be changed. */
  #take(row: number): RunState {
    const known = this.#before.get(row)
    if (known) return known
    const state = readState(this.#start as RunIndex, row)
    this.#runs.set(state.runId, state)
    this.#before.set(row, state)
    return state
  }

  #set(row: number, path: Path, value: Value): void {
    const key = formatPath(path)
    let found = this.#columns.get(key)
    if (!found) {
      found = { path, builder: new ColumnBuilder() }
      this.#columns.set(key, found)
    }
    found.builder.set(row, value)
  }

  finish(): RunIndex {
    const pendingLinks = this.#attach()
    const { numbers, count } = this.#number()
    for (const [path, value] of foldedFields)
      for (const run of this.#runs.values()) {
        const one = value(run)
        if (one !== undefined) this.#set(run.row, path, one)
      }
    const columns = this.#finishColumns(numbers, count)
    const files = new FileTable(this.#files.finish(numbers, count))
    for (const run of this.#runs.values()) run.row = numbers[run.row] as number
    const members = this.#members.finish((row) => this.#before.get(row)?.row ?? (numbers[row] as number))
    return new RunIndex({
      count,
      paths: [...columns.values()].map(({ path }) => path),
      directions: this.#directions,
      pendingLinks,
      column: (path) => columns.get(formatPath(path))?.column,
      files: () => files,
      members: () => members,
    })
  }

  /** The final number of each row: dropped rows leave no gap. */
  #number(): { numbers: Int32Array; count: number } {
    const kept = new Uint8Array(this.#rows).fill(1, 0, this.#start?.count ?? 0)
    for (const row of this.#before.keys()) kept[row] = 0
    for (const { row } of this.#runs.values()) kept[row] = 1
    let count = 0
    const numbers = Int32Array.from(kept, (one) => (one ? count++ : -1))
    return { numbers, count }
  }

  #finishColumns(numbers: Int32Array, count: number): Map<string, { path: Path; column: Column }> {
    const columns = new Map<string, { path: Path; column: Column }>()
    for (const [key, { path, builder }] of this.#columns) {
      const parts = builder.finish(numbers, count)
      if (parts) columns.set(key, { path, column: new Column(parts) })
    }
    return columns
  }

  /** Folds replays and remarks into the runs they are about; returns those whose run is missing. */
  #attach(): PendingLinks[] {
    return this.#waiting.filter((one) => {
      const runs = new Set(one.to.flatMap((id) => this.#withRecord(id)))
      for (const run of runs) this.#attachTo(run, one)
      return runs.size === 0
    })
  }

  #withRecord(id: string): RunState[] {
    const rows = this.#start?.members.rowsLike(id) ?? []
    return [...rows.map((row) => this.#take(row)), ...[this.#byRecord.get(id) ?? []].flat()]
  }

  #attachTo(run: RunState, { kind, id, oid, time, verdict, lesson }: PendingLinks): void {
    this.#members.add({ kind, id, oid, run })
    if (lesson !== undefined) run.lesson = run.lesson === undefined ? lesson : `${run.lesson}\n${lesson}`
    if (kind !== 'replay') return
    run.replays += 1
    if (run.replayed === undefined || time >= run.replayed) Object.assign(run, { replayed: time, verdict })
  }
}

function annotation(record: Replay | Remark, rel: 'replays' | 'annotates') {
  return {
    to: record.links.flatMap((link) => (link.rel === rel && link.to.startsWith('record:') ? link.to.slice(7) : [])),
    time: record.time,
    ...(record.kind === 'replay' && { verdict: record.verdict }),
    ...(record.kind === 'remark' && record.lesson !== undefined && { lesson: record.lesson }),
  }
}
