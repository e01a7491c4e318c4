import { short } from '../../base/digest.ts'
import { escapeLine } from '../../base/escape.ts'
import { formatDelta } from '../../base/figure.ts'
import { formatPath } from '../../expression/expression.ts'
import type { Paint } from '../../render/colour.ts'
import { sparkline } from '../../render/sparkline.ts'
import { type Cell, joinFitting, renderTable } from '../../render/table.ts'
import { fieldText, fieldTitle } from '../field-text.ts'
import type { RunTable, TableField } from '../runs/table.ts'
import { fieldCells } from '../runs/text.ts'
import { deltasOf, type EnvironmentRow } from './environments.ts'

export interface CompareView {
  table: RunTable
  shortIds: ReadonlyMap<string, string>
  /** Index of the run that metrics are compared with. */
  baseline: number
  environment: readonly EnvironmentRow[]
  /** Metric to the values to draw, one series per run. */
  curves: ReadonlyMap<string, readonly (readonly (number | null)[] | undefined)[]>
  unicode: boolean
}

/** One line: a label and a cell for each run. */
interface Line {
  label: string
  cells: readonly Cell[]
}

/** Runs side by side, one per column: what differs, group by group; what is the same in all is one line above. */
export async function renderCompare(view: CompareView, width: number, now: Date, paint: Paint): Promise<string[]> {
  const { table, shortIds, baseline } = view
  const lines = [...headLines(view, now), ...groupLines(view, now, paint)]
  const columns = table.ids.map((id, place) => ({
    title: `${place === baseline ? 'b ' : '  '}${shortIds.get(id) ?? short(id)}`,
    align: 'left' as const,
    cells: lines.map(({ cells }) => indented(cells[place])),
  }))
  const labels = { title: '', align: 'left' as const, cells: lines.map(({ label }) => ({ text: label })) }
  const drawn = await renderTable([labels, ...columns], width, paint.label)
  const { same } = table
  const phrases = same.map(
    ({ path, kind, values }) => `${escapeLine(formatPath(path))} ${fieldText(path, kind, values[0], now)}`,
  )
  return [
    ...(same.length > 0 ? [await joinFitting('same in all: ', phrases, view.unicode ? ' · ' : ', ', width)] : []),
    ...drawn.lines,
    ...(drawn.dropped.length > 0
      ? [
          await joinFitting(
            `${drawn.dropped.length} more: `,
            drawn.dropped.map((title) => title.trim()),
            ', ',
            width,
          ),
        ]
      : []),
  ]
}

/** Aligned with the id, not with its mark. */
const indented = (cell: Cell | undefined): Cell => (cell?.text ? { ...cell, text: `  ${cell.text}` } : { text: '' })

const heads = ['started', 'name', 'stage', 'status', 'duration', 'expectation', 'verdict', 'branch', 'author']
const groups: readonly (readonly [root: string, title: string])[] = [
  ['params', 'parameters'],
  ['seeds', 'seeds'],
  ['tags', 'tags'],
  ['data', 'data'],
]

function headLines({ table: { fields } }: CompareView, now: Date): Line[] {
  return heads
    .flatMap((root) => fields.filter(({ path }) => path.root === root))
    .map((field) => ({ label: fieldTitle(field.path), cells: fieldCells(field, now, (text) => text).cells }))
}

function groupLines(view: CompareView, now: Date, paint: Paint): Line[] {
  const { fields } = view.table
  const of = (root: string) => fields.filter(({ path }) => path.root === root)
  const lineOf = (field: TableField): Line => ({
    label: `  ${fieldTitle(field.path)}`,
    cells: fieldCells(field, now, paint.strong).cells,
  })
  const named = (title: string, lines: readonly Line[]) =>
    lines.length > 0 ? [{ label: title, cells: [] }, ...lines] : []
  const code = fields.filter(({ path }) => path.root === 'commit' || path.root === 'snapshot')
  return [
    ...groups.flatMap(([root, title]) => named(title, of(root).map(lineOf))),
    ...named('code', code.map(lineOf)),
    ...named('environment', [...of('env').map(lineOf), ...environmentLines(view.environment)]),
    ...named(
      'metrics',
      of('metrics').flatMap((field) => metricLines(field, view, now, paint)),
    ),
  ]
}

const most = 30

function environmentLines(rows: readonly EnvironmentRow[]): Line[] {
  const lines = rows.slice(0, most).map(({ name, values }) => ({
    label: `  ${escapeLine(name)}`,
    cells: values.map((value) => ({ text: escapeLine(value ?? '-') })),
  }))
  return rows.length > most ? [...lines, { label: `  and ${rows.length - most} more (--json)`, cells: [] }] : lines
}

/** The figures with their difference from the baseline, and the series below them. */
function metricLines(field: TableField, { baseline, curves, unicode }: CompareView, now: Date, paint: Paint): Line[] {
  const deltas = deltasOf(field, baseline)
  const cells = fieldCells(field, now, paint.strong).cells.map((cell, place) => {
    const delta = deltas[place]
    return delta === undefined ? cell : { ...cell, text: `${cell.text} (${formatDelta(delta)})` }
  })
  const drawn = (curves.get(field.path.name ?? '') ?? []).map((curve) => sparkline(curve ?? [], unicode) ?? '')
  const line = { label: `  ${fieldTitle(field.path)}`, cells }
  return drawn.some(Boolean) ? [line, { label: '', cells: drawn.map((text) => ({ text })) }] : [line]
}
