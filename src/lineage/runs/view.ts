import { pathsOf } from '../../expression/expression.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { readRun } from '../../ledger/index/find-run.ts'
import type { RunIndex } from '../../ledger/index/runs/index.ts'
import { sparkline } from '../../render/sparkline.ts'
import type { FoundRuns, RunsQuery } from './query.ts'
import { buildRunTable, type RunTable } from './table.ts'
import type { RunsView } from './text.ts'

/**
 * The runs found as a table, with the fields sorted and filtered by first. `unicode`: whether the terminal can show
 * more than ASCII.
 */
export async function buildRunsView(
  index: RunIndex,
  objects: ObjectReader,
  { keys, where, all, columns }: RunsQuery,
  { rows, matched }: FoundRuns,
  unicode: boolean,
): Promise<RunsView> {
  const first = [...keys.map(({ path }) => path), ...(where ? pathsOf(where) : [])]
  const table = buildRunTable(index, rows, { first, all, ...(columns && { columns }) })
  return {
    table,
    matched,
    shortIds: index.members.shorten(table.ids),
    started: index.valuesOf({ root: 'started' }, rows),
    unicode,
    series: await seriesOf(index, objects, rows, table, unicode),
  }
}

/** The series of the first metric that has one, from the run that is best by it, else from the first. */
async function seriesOf(
  index: RunIndex,
  objects: ObjectReader,
  rows: readonly number[],
  { ids, fields }: RunTable,
  unicode: boolean,
): Promise<RunsView['series']> {
  const metrics = fields.filter(({ path }) => path.root === 'metrics')
  const place = metrics.find(({ best }) => best.length > 0)?.best[0] ?? 0
  if (metrics.length === 0) return []
  const { record } = await readRun(index, objects, rows[place] as number)
  for (const { path } of metrics) {
    const { curve = [], steps = 0 } = record.metrics?.[path.name ?? ''] ?? {}
    const line = sparkline(curve, unicode)
    if (line) return [{ name: path.name ?? '', line, id: ids[place] as string, steps }]
  }
  return []
}
