import type { Path, Value } from '../../../expression/expression.ts'
import type { Run } from '../../../records/record.ts'
import { type RunIndex, textAt } from './index.ts'

/** The state of a run while its records are folded: what later records may change. */
export interface RunState {
  runId: string
  /** The row holding its values. */
  row: number
  id: string
  /** Whether it has a planned record. */
  hasPlan: boolean
  /** Whether its effective record is a planned one. */
  planned: boolean
  lost: boolean
  /** Time of the effective record. */
  time: string
  replays: number
  /** Time of the last replay. */
  replayed?: string | undefined
  verdict?: string | undefined
  lesson?: string | undefined
}

export function stateOf({ runId, time }: Run, id: string): RunState {
  return { runId, row: -1, id, hasPlan: false, planned: false, lost: false, time, replays: 0 }
}

/** Whether a record supersedes the effective one. */
export function outranks(record: Run, run: RunState): boolean {
  if (record.phase === 'planned') return run.planned
  if (run.planned) return true
  const lost = record.outcome?.status === 'lost'
  return lost === run.lost ? record.time > run.time : run.lost
}

const paths = {
  id: { root: 'id' },
  replays: { root: 'replays' },
  verdict: { root: 'verdict' },
  lesson: { root: 'lesson' },
  // Only for the next fold: no expression can use these names.
  runId: { root: '#runId' },
  hasPlan: { root: '#hasPlan' },
  time: { root: '#time' },
  replayed: { root: '#replayed' },
} as const satisfies Partial<Record<keyof RunState, Path>>

/** Columns made from the folded state rather than from records. */
export const foldedFields: readonly [Path, (run: RunState) => Value | undefined][] = (
  Object.keys(paths) as (keyof typeof paths)[]
).map((key) => [paths[key], (run) => run[key]])

export const runIdPath: Path = paths.runId

/** The state a row of an index was made from. */
export function readState(index: RunIndex, row: number): RunState {
  const read = (path: Path) => textAt(index, path, row)
  const status = read({ root: 'status' })
  return {
    row,
    runId: read(paths.runId) ?? '',
    id: read(paths.id) ?? '',
    hasPlan: index.column(paths.hasPlan)?.at(row) === true,
    planned: status === 'planned',
    lost: status === 'lost',
    time: read(paths.time) ?? '',
    replays: Number(index.column(paths.replays)?.at(row) ?? 0),
    replayed: read(paths.replayed),
    verdict: read(paths.verdict),
    lesson: read(paths.lesson),
  }
}
