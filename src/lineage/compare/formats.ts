import { escapeLine } from '../../base/escape.ts'
import { formatPath } from '../../expression/expression.ts'
import type { RunIndex } from '../../ledger/index/runs/index.ts'
import { fieldsOfRows, quoteCsv, toRunJson } from '../runs/list.ts'
import type { CompareView } from './text.ts'

/** The output of `compare --json`. */
export function compareJson(index: RunIndex, rows: readonly number[], { table, environment }: CompareView): object {
  const paths = fieldsOfRows(index, rows)
  return {
    baseline: table.ids[0],
    differs: table.fields.map(({ path }) => formatPath(path)),
    same: table.same.map(({ path }) => formatPath(path)),
    environment,
    runs: rows.map((row) => toRunJson(index, row, paths)),
  }
}

/** One line per field, one column per run. */
export function compareCsv({ table, environment }: CompareView): string {
  const lines = [
    ['field', ...table.ids],
    ...[...table.fields, ...table.same].map(({ path, kind, values }) => [
      formatPath(path),
      ...values.map((value) => textOf(kind === 'moment' ? momentOf(value) : value)),
    ]),
    ...environment.map(({ group, name, values }) => [`env.${group}.${name}`, ...values.map(textOf)]),
  ]
  return lines.map((line) => escapeLine(line.map(quoteCsv).join(','))).join('\n')
}

const textOf = (value: unknown) => (value === undefined ? '' : String(value))
const momentOf = (value: unknown) => (typeof value === 'number' ? new Date(value).toISOString() : value)
