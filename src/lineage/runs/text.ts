import { escapeLine } from '../../base/escape.ts'
import { formatCount } from '../../base/quantity.ts'
import { formatPath, type Value } from '../../expression/expression.ts'
import type { Paint } from '../../render/colour.ts'
import { type Cell, joinFitting, renderTable, type TableColumn } from '../../render/table.ts'
import { alignDecimals, fieldText, fieldTitle } from '../field-text.ts'
import type { RunTable, TableField } from './table.ts'

export interface RunsView {
  table: RunTable
  /** Shortest unique ids. */
  shortIds: ReadonlyMap<string, string>
  /** When each run started, in ms since the epoch. */
  started: readonly (Value | undefined)[]
  /** How many runs match; the table shows the first of them. */
  matched: number
  /** Whether the terminal can show more than ASCII. */
  unicode: boolean
  /** Lines to draw below the table: name, series, run and number of steps. */
  series: readonly { name: string; line: string; id: string; steps: number }[]
}

/** Runs as a table that fits the terminal: TERMINAL.md, "Tables". */
export async function renderRuns(view: RunsView, width: number, now: Date, paint: Paint): Promise<string[]> {
  const { table, shortIds, matched, series } = view
  const columns = [runColumn(view, paint), whenColumn(view, now), ...fieldColumns(table.fields, now, paint)]
  const { lines, dropped } = await renderTable(columns, width, paint.label)
  const more = formatCount(dropped.length)
  const plural = dropped.length === 1 ? 'column' : 'columns'
  return [
    ...(table.same.length > 0 ? [await sameLine(view, width, now)] : []),
    ...lines,
    ...series.map(
      ({ name, line, id, steps }) => `${escapeLine(name)} ${line}  (${shortIds.get(id)}, ${formatCount(steps)} steps)`,
    ),
    ...(dropped.length > 0 ? [await joinFitting(`${more} more ${plural}: `, dropped, ', ', width)] : []),
    ...(matched > table.ids.length
      ? [`${formatCount(table.ids.length)} of ${formatCount(matched)} runs (-n 0 shows all)`]
      : []),
  ]
}

function sameLine({ table: { same }, unicode }: RunsView, width: number, now: Date): Promise<string> {
  const phrases = same.map(
    ({ path, kind, values }) => `${escapeLine(formatPath(path))} ${fieldText(path, kind, values[0], now)}`,
  )
  return joinFitting('same in all: ', phrases, unicode ? ' · ' : ', ', width)
}

/** The run's id after a mark: * for the best by the first metric, b for a baseline. */
function runColumn({ table, shortIds }: RunsView, paint: Paint): TableColumn {
  const leading = table.fields.find(({ path, best }) => path.root === 'metrics' && best.length > 0)
  const marks = table.ids.map((_, place) => {
    const best = leading?.best.includes(place) ? '*' : ''
    return `${best}${table.baselines.includes(place) ? 'b' : ''}`
  })
  const wide = Math.max(1, ...marks.map((mark) => mark.length))
  const cells = table.ids.map(
    (id, place): Cell => ({
      text: `${(marks[place] as string).padEnd(wide)} ${shortIds.get(id) ?? id.slice(0, 6)}`,
      style: paint.commit,
    }),
  )
  return { title: `${' '.repeat(wide)} run`, align: 'left', cells }
}

function whenColumn({ started }: RunsView, now: Date): TableColumn {
  const cells = started.map((value) => ({ text: fieldText({ root: 'started' }, 'moment', value, now) }))
  return { title: 'when', align: 'left', cells }
}

/** Two fields of the same name, a parameter and a metric, get their full names. */
function fieldColumns(fields: readonly TableField[], now: Date, paint: Paint): TableColumn[] {
  const counts = new Map<string, number>()
  for (const { path } of fields) counts.set(fieldTitle(path), (counts.get(fieldTitle(path)) ?? 0) + 1)
  const title = (path: TableField['path']) =>
    (counts.get(fieldTitle(path)) ?? 0) > 1 ? escapeLine(formatPath(path)) : fieldTitle(path)
  return fields.map((one) => ({ title: title(one.path), ...fieldCells(one, now, paint.strong) }))
}

/** The cells of a field; `strong` for the best. */
export function fieldCells(
  { path, kind, values, best }: TableField,
  now: Date,
  strong: (text: string) => string,
): Omit<TableColumn, 'title'> {
  const numeric = (kind === 'any' || kind === 'number') && values.some((value) => typeof value === 'number')
  const plain = values.map((value) => fieldText(path, kind, value, now))
  const texts = numeric ? alignDecimals(plain) : plain
  const cells = texts.map((text, place): Cell => ({ text, ...(best.includes(place) && { style: strong }) }))
  return { align: numeric ? 'point' : 'left', cells }
}
