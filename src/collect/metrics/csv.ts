import { type MetricPoint, metricPoint } from '../../records/metrics/series.ts'
import type { MetricSetBuilder } from '../../records/metrics/set.ts'
import { findAxes, isAxis, parseNumber, parseTime } from './axes.ts'
import { readLines } from './read-lines.ts'
import { byEnding, type MetricFile, type MetricSource } from './source.ts'

/** Tables with a header: every numeric column is a series; or long ones, with the columns `metric` and `value`. */
export const csv: MetricSource = {
  name: 'csv',
  claim: byEnding('.csv', '.tsv'),
  read(files, into) {
    for (const file of files) readTable(file, into, (column) => column)
  },
}

interface Table {
  columns: string[]
  delimiter: string
  step: number
  time: number
  /** Of a long table: where the name and the value stand. */
  long?: { name: number; value: number }
  /** What each column is: not known before its first value; other than numbers ones are passed over. */
  roles: ('unknown' | 'numbers' | 'other')[]
}

/** `naming` gives a column's metric its name; `source` is what the metrics are said to come from. */
export function readTable(
  file: MetricFile,
  into: MetricSetBuilder,
  naming: (column: string) => string,
  source = file.path,
): void {
  let table: Table | undefined
  readLines(file.absolute, (text, line, ended) => {
    if (text === undefined) return into.problem(file.path, 'the line is longer than 1 MiB', line)
    if (text.trim() === '') return
    if (!table) {
      table = readHeader(text)
      if (!table) into.problem(file.path, 'no header: the first line must name the columns', line)
      table ??= { columns: [], delimiter: ',', step: -1, time: -1, roles: [] }
    } else if (table.columns.length > 0) {
      const cells = splitCells(text, table.delimiter)
      // The last line of a file still being written may be cut anywhere.
      if (!ended && cells.length < table.columns.length) return
      if (cells.length !== table.columns.length) {
        const { length } = table.columns
        into.problem(file.path, `${cells.length} cells under ${length} columns`, line)
      } else addCells(table, cells, { file, line, into, naming, source })
    }
  })
}

function readHeader(text: string): Table | undefined {
  const delimiter = ['\t', ';', ','].find((mark) => text.includes(mark)) ?? ','
  const columns = splitCells(text, delimiter).map((cell) => cell.trim())
  if (columns.every((column) => column === '' || parseNumber(column) !== undefined)) return undefined
  const axes = findAxes(columns)
  const lower = columns.map((column) => column.toLowerCase())
  const [name, value] = [lower.findIndex((word) => word === 'metric' || word === 'name'), lower.indexOf('value')]
  return {
    columns,
    delimiter,
    step: axes.step === undefined ? -1 : columns.indexOf(axes.step),
    time: axes.time === undefined ? -1 : columns.indexOf(axes.time),
    ...(name >= 0 && value >= 0 && { long: { name, value } }),
    roles: columns.map((column) => (isAxis(column) ? 'other' : 'unknown')),
  }
}

interface RowPlace {
  file: MetricFile
  line: number
  into: MetricSetBuilder
  naming: (column: string) => string
  source: string
}

function addCells(table: Table, cells: readonly string[], place: RowPlace): void {
  const step = table.step < 0 ? undefined : parseNumber(cells[table.step] as string)
  const time = table.time < 0 ? undefined : parseTime(cells[table.time])
  if (table.long) {
    addLongRow(table.long, cells, metricPoint(0, step, time), place)
    return
  }
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index] as string
    const role = table.roles[index]
    if (role === 'other' || (index === table.time && time !== undefined)) continue
    const value = parseNumber(cell)
    if (value === undefined) {
      if (isEmpty(cell)) continue
      if (role === 'unknown') table.roles[index] = 'other'
      else report(place, `${table.columns[index]} is not a number: ${quote(cell)}`)
    } else {
      table.roles[index] = 'numbers'
      const name = place.naming(table.columns[index] || `column${index + 1}`)
      place.into.metric(name, place.source, metricPoint(value, step, time))
    }
  }
}

function addLongRow(
  { name, value }: { name: number; value: number },
  cells: readonly string[],
  at: MetricPoint,
  place: RowPlace,
): void {
  const number = parseNumber(cells[value] as string)
  if (number === undefined) report(place, `value is not a number: ${quote(cells[value])}`)
  else place.into.metric(cells[name] as string, place.source, { ...at, value: number })
}

const report = ({ into, file, line }: RowPlace, reason: string) => into.problem(file.path, reason, line)
const isEmpty = (cell: string) => cell === '' || /^\s*(none|null|na|n\/a)?\s*$/i.test(cell)
const quote = (cell: string | undefined) => `'${(cell ?? '').slice(0, 40)}'`

/** RFC 4180, but for line feeds within quotes, which no table of numbers has: the problem such a row becomes tells its line. */
function splitCells(text: string, delimiter: string): string[] {
  if (!text.includes('"')) return text.split(delimiter)
  const cells: string[] = []
  let from = 0
  while (from <= text.length) {
    const quoted = text[from] === '"' ? /^"((?:[^"]|"")*)"/.exec(text.slice(from)) : null
    const end = text.indexOf(delimiter, from + (quoted?.[0].length ?? 0))
    const stop = end < 0 ? text.length : end
    cells.push(quoted ? (quoted[1] as string).replaceAll('""', '"') : text.slice(from, stop))
    from = stop + 1
  }
  return cells
}
