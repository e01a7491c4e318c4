import { escapeLine } from '../../base/escape.ts'
import { toFigure } from '../../base/figure.ts'
import { formatPath, type Path, type Value } from '../../expression/expression.ts'
import { runVocabulary } from '../../expression/run-vocabulary.ts'
import type { RunIndex } from '../../ledger/index/runs/index.ts'
import { kindOf } from './table.ts'

/** Every field of the rows, including their files, in the order of docs/expressions.md, then by name. */
export function fieldsOfRows(index: RunIndex, rows: readonly number[]): Path[] {
  const files = index.files
    .ofRows(rows)
    .map(({ role, name }) => ({ root: role === 'input' ? 'data' : 'outputs', name }))
  const known = new Map([...index.source.paths, ...files].map((path) => [formatPath(path), path]))
  return [...known.values()]
    .filter((path) => !path.root.startsWith('#') && index.valuesOf(path, rows).some((value) => value !== undefined))
    .sort((a, b) => placeOf(a) - placeOf(b) || ((a.name ?? '') < (b.name ?? '') ? -1 : 1))
}

const roots = Object.keys(runVocabulary)
const placeOf = ({ root, name }: Path) => roots.indexOf(root) + (name === undefined ? 0 : 0.5)

/** A run as one object: {id, status, …, metrics: {…}, params: {…}}. Times are RFC 3339, other units as documented. */
export function toRunJson(index: RunIndex, row: number, paths: readonly Path[]): Record<string, unknown> {
  const json: Record<string, unknown> = {}
  for (const path of paths) {
    const value = index.column(path)?.at(row)
    if (value === undefined) continue
    if (path.name === undefined) json[path.root] = toJsonValue(path, value)
    else groupOf(json, path.root)[path.name] = toJsonValue(path, value)
  }
  return json
}

function groupOf(json: Record<string, unknown>, root: string): Record<string, unknown> {
  // baseline alone is the run's id.
  const key = root === 'baseline' ? 'baselineMetrics' : root
  const group = (json[key] ?? Object.create(null)) as Record<string, unknown>
  json[key] = group
  return group
}

function toJsonValue(path: Path, value: Value): unknown {
  if (typeof value !== 'number') return value
  return kindOf(path) === 'moment' ? new Date(value).toISOString() : toFigure(value)
}

/** The same as a row of CSV. */
function toCsvRow(index: RunIndex, row: number, paths: readonly Path[]): string {
  return paths.map((path) => csvCell(index, row, path)).join(',')
}

function csvCell(index: RunIndex, row: number, path: Path): string {
  const value = index.column(path)?.at(row)
  return value === undefined ? '' : quoteCsv(String(toJsonValue(path, value)))
}

/** RFC 4180. */
export function quoteCsv(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Rows as lines: a JSON object each, or CSV below a line of names. Without named fields, all that the rows have. */
export function* listRuns(
  index: RunIndex,
  rows: readonly number[],
  columns: readonly Path[] | undefined,
  as: 'json' | 'csv',
): Generator<string> {
  const paths = columns ? [{ root: 'id' }, ...columns] : fieldsOfRows(index, rows)
  if (as === 'csv') yield paths.map((path) => quoteCsv(formatPath(path))).join(',')
  for (const row of rows)
    yield as === 'csv' ? escapeLine(toCsvRow(index, row, paths)) : JSON.stringify(toRunJson(index, row, paths))
}
