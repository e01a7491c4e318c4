import { nearest } from '../../base/nearest.ts'
import { plural } from '../../base/quantity.ts'
import { type Expression, formatPath, type Path, pathsOf } from '../../expression/expression.ts'
import type { SortKey } from '../../expression/keys.ts'
import type { RunIndex } from '../../ledger/index/runs/index.ts'
import { matchingRows, sortRows } from '../../ledger/index/runs/query.ts'

/** Which runs to list, in which order. */
export interface RunsQuery {
  where: Expression | undefined
  keys: readonly SortKey[]
  /** Fields to show, if named. */
  columns: readonly Path[] | undefined
  /** Fold nothing, leave nothing out. */
  all: boolean
  /** How many to list; Infinity for all. */
  limit: number
}

export interface FoundRuns {
  /** The rows to list, in order. */
  rows: number[]
  /** How many match in all. */
  matched: number
}

/** Filters and sorts runs from their index. `now` in ms since the epoch. */
export function queryRuns(index: RunIndex, { where, keys, limit }: RunsQuery, now: number): FoundRuns {
  const matched = matchingRows(index, where, now)
  return { rows: sortRows(index, matched, keys, limit), matched: matched.length }
}

/** Explains an empty list: there are no runs, or none matches. */
export function explainNone(index: RunIndex, where: Expression | undefined): string[] {
  if (index.count === 0) return ['no runs yet (git prov run -- <command>)']
  const unknown = (where ? pathsOf(where) : []).filter((path) => !index.column(path))
  return [
    `none of ${plural(index.count, 'run')} match`,
    ...unknown.map((path) => {
      const others = index.source.paths.filter(({ root }) => root === path.root).map(({ name }) => name ?? '')
      const guess = nearest(path.name ?? '', others)
      const hint = guess ? `; did you mean ${formatPath({ root: path.root, name: guess })}?` : ''
      return `no run has ${formatPath(path)}${hint}`
    }),
  ]
}
