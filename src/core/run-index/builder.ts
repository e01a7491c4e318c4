import { Column, ColumnBuilder } from '../columns/column.ts'
import { formatPath, type Path, type Value } from '../expression.ts'
import type { ProvRecord, Remark, Replay, Run, StoredRecord } from '../record.ts'
import { fieldsOf } from '../run-fields.ts'
import { RunIndex, type Waiting } from '../run-index.ts'
import { FileTable, FileTableBuilder } from './files.ts'
import { MemberTableBuilder } from './members.ts'
import { foldedFields, isFolded, outranks, type RunState, readStates, stateOf } from './state.ts'

/**
 * Folds records into rows as `foldRuns` folds them into views, but keeps only columns: 100,000 runs pass through, and an
 * index goes on from where it was.
 */
export class RunIndexBuilder {
  readonly #columns = new Map<string, { path: Path; builder: ColumnBuilder }>()
  readonly #files = new FileTableBuilder()
  readonly #members: MemberTableBuilder
  readonly #runs: Map<string, RunState>
  readonly #directions: Record<string, 'maximize' | 'minimize'>
  readonly #waiting: Waiting[]
  #rows: number

  constructor(start?: RunIndex) {
    const states = start ? readStates(start) : []
    this.#runs = new Map(states.map((state) => [state.runId, state]))
    this.#members = new MemberTableBuilder(start?.members, states)
    this.#directions = Object.assign(Object.create(null), start?.source.directions)
    this.#waiting = [...(start?.source.waiting ?? [])]
    this.#rows = states.length
    if (start) this.#goOn(start)
  }

  #goOn(start: RunIndex): void {
    for (const path of start.source.paths) {
      const column = isFolded(path) ? undefined : start.column(path)
      for (const [row, value] of column?.entries() ?? []) this.#push(row, path, value)
    }
    for (let index = 0; index < start.files.length; index++) this.#files.add(start.files.at(index))
  }

  /** `oid`: the blob that holds the record. */
  add({ record, id }: StoredRecord<ProvRecord>, oid: string): void {
    if (record.kind === 'run') this.#addRun(record, id, oid)
    if (record.kind === 'replay') this.#waiting.push({ kind: 'replay', id, oid, ...annotation(record, 'replays') })
    if (record.kind === 'remark') this.#waiting.push({ kind: 'remark', id, oid, ...annotation(record, 'annotates') })
  }

  #addRun(record: Run, id: string, oid: string): void {
    const known = this.#runs.get(record.runId)
    const run = known ?? stateOf(record, id)
    this.#runs.set(record.runId, run)
    this.#members.add({ kind: 'run', id, oid, run })
    const counts = !known || outranks(record, run)
    // A run is called by its plan's id; without a plan by that of the record that counts.
    if (record.phase === 'planned' || (counts && !run.hasPlan)) run.id = id
    if (record.phase === 'planned') run.hasPlan = true
    if (counts) this.#setValues(run, record)
  }

  #setValues(run: RunState, record: Run): void {
    const { phase, time } = record
    Object.assign(run, {
      row: this.#rows++,
      planned: phase === 'planned',
      lost: record.outcome?.status === 'lost',
      time,
    })
    for (const [path, value] of fieldsOf(record)) this.#push(run.row, path, value)
    for (const [name, { direction }] of Object.entries(record.metrics ?? {}))
      if (direction) this.#directions[name] = direction
    this.#files.addRecord(run.row, record)
  }

  #push(row: number, path: Path, value: Value): void {
    const key = formatPath(path)
    let found = this.#columns.get(key)
    if (!found) {
      found = { path, builder: new ColumnBuilder() }
      this.#columns.set(key, found)
    }
    found.builder.push(row, value)
  }

  finish(): RunIndex {
    const waiting = this.#attach()
    const runs = [...this.#runs.values()].sort((a, b) => a.row - b.row)
    const numbers = new Int32Array(this.#rows).fill(-1)
    for (const [number, run] of runs.entries()) {
      numbers[run.row] = number
      run.row = number
    }
    const columns = this.#finishColumns(numbers, runs)
    const files = new FileTable(this.#files.finish(numbers, runs.length))
    const members = this.#members.finish()
    return new RunIndex({
      count: runs.length,
      paths: [...columns.values()].map(({ path }) => path),
      directions: this.#directions,
      waiting,
      column: (path) => columns.get(formatPath(path))?.column,
      files: () => files,
      members: () => members,
    })
  }

  #finishColumns(numbers: Int32Array, runs: readonly RunState[]): Map<string, { path: Path; column: Column }> {
    const columns = new Map<string, { path: Path; column: Column }>()
    for (const [key, { path, builder }] of this.#columns) {
      const parts = builder.finish(numbers, runs.length)
      if (parts) columns.set(key, { path, column: new Column(parts, runs.length) })
    }
    for (const [path, value] of foldedFields) {
      const builder = new ColumnBuilder()
      for (const run of runs) {
        const one = value(run)
        if (one !== undefined) builder.push(run.row, one)
      }
      const parts = builder.finish(Int32Array.from(runs.keys()), runs.length)
      if (parts) columns.set(formatPath(path), { path, column: new Column(parts, runs.length) })
    }
    return columns
  }

  /** Folds replays and remarks into the runs they speak of; returns those whose run is not here. */
  #attach(): Waiting[] {
    if (this.#waiting.length === 0) return []
    const byRecord = new Map<string, RunState>()
    this.#members.eachRun((id, run) => byRecord.set(id, run as RunState))
    return this.#waiting.filter((one) => {
      const runs = new Set(one.to.flatMap((id) => byRecord.get(id) ?? []))
      for (const run of runs) this.#attachTo(run, one)
      return runs.size === 0
    })
  }

  #attachTo(run: RunState, { kind, id, oid, time, verdict, lesson }: Waiting): void {
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
