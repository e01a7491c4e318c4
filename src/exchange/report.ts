import { escapeLine } from '../base/escape.ts'
import { formatFigure } from '../base/figure.ts'
import { plural } from '../base/quantity.ts'
import type { Run, StoredRecord } from '../records/record.ts'
import { headlineMetrics } from '../records/run.ts'
import type { ImportRequest } from './import-request.ts'

/** The result of an import. */
interface ImportSummary {
  from: string
  imported: readonly StoredRecord<Run>[]
  /** How many were imported already. */
  known: number
  skipped: readonly { where: string; reason: string }[]
}

const mostLines = 20

/** One line, then what was left out, and with --dry-run the runs themselves. */
export function reportImport({ context, dryRun, json }: ImportRequest, summary: ImportSummary): void {
  const { from, imported, known, skipped } = summary
  if (json) {
    const runs = imported.map(({ id, record }) => ({ id, runId: record.runId, key: record.imported?.key }))
    context.stdout.write(`${JSON.stringify({ from, dryRun, imported: runs.length, known, skipped, runs }, null, 2)}\n`)
    return
  }
  const lines = dryRun ? imported.slice(0, mostLines).map(describe) : []
  if (dryRun && imported.length > mostLines) lines.push(`  and ${imported.length - mostLines} more`)
  for (const { where, reason } of skipped.slice(0, mostLines)) lines.push(`  left out: ${where}: ${reason}`)
  if (skipped.length > mostLines) lines.push(`  and ${skipped.length - mostLines} more left out (--json lists them)`)
  const there = known > 0 ? `, ${known} ${known === 1 ? 'was' : 'were'} here already` : ''
  const verb = dryRun ? 'would be imported' : 'imported'
  context.stdout.write(`prov: ${plural(imported.length, 'run')} ${verb} from ${from}${there}\n`)
  for (const line of lines) context.stdout.write(`${escapeLine(line)}\n`)
}

function describe({ id, record }: StoredRecord<Run>): string {
  const metrics = headlineMetrics(record).map(
    (name) => `${name} ${formatFigure(record.metrics?.[name]?.value ?? 'NaN')}`,
  )
  const parts = [
    id.slice(0, 6),
    (record.started ?? record.time).slice(0, 10),
    record.about ? record.about.commit.slice(0, 7) : '',
    record.stage ?? record.name ?? '',
    record.outcome?.status ?? '',
    ...metrics,
  ]
  return `  ${parts.filter(Boolean).join('  ')}`
}
