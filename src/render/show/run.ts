import { formatBytes } from '../../core/dataset.ts'
import { short } from '../../core/digest.ts'
import { formatSeconds } from '../../core/duration.ts'
import { escapeLine } from '../../core/escape.ts'
import { formatDelta, formatFigure } from '../../core/figure.ts'
import { isMissing } from '../../core/missing.ts'
import type { Run } from '../../core/record.ts'
import { baselineDelta, flatParameters } from '../../core/run.ts'
import type { Paint } from '../colour.ts'

/** What was meant, what was used, what came of it. */
export function runBody(record: Run, paint: Paint): string[] {
  const lines = [`$ ${record.command.map((word) => escapeLine(quote(word))).join(' ')}`, `    ${endOf(record)}`, '']
  const row = (label: string, text: string) => lines.push(`${paint.label(label.padEnd(9))} ${escapeLine(text)}`)
  if (record.stage) row('stage', record.stage)
  if (record.intent) row('intent', record.intent)
  if (record.hypothesis) row('believed', record.hypothesis)
  for (const { expression, answer, reason } of record.expectations ?? [])
    row('expected', `${expression}${answer ? `  ${answer.replace('-', ' ')}` : ''}${reason ? ` (${reason})` : ''}`)
  for (const [name, metric] of Object.entries(record.metrics ?? {})) {
    const delta = baselineDelta(record, name)
    row('metric', `${name} ${formatFigure(metric.value)}${delta === undefined ? '' : ` (${formatDelta(delta)})`}`)
  }
  for (const [key, value] of flatParameters(record)) row('param', `${key} = ${String(value)}`)
  for (const file of record.inputs) row('input', describeFile(file))
  for (const file of record.outputs ?? []) row('output', describeFile(file))
  if (record.snapshot) row('code', describeSnapshot(record.snapshot))
  row('env', isMissing(record.environment) ? record.environment.missing : record.environment.digest)
  for (const { where, reason } of record.problems ?? []) row('problem', `${where}: ${reason}`)
  if (record.imported) row('from', `${record.imported.from}, ${record.imported.source}`)
  return lines
}

/** As a shell would take it. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

function endOf({ phase, outcome, usage }: Run): string {
  if (phase === 'planned') return 'not finished'
  const { status, exitCode, signal, reason } = outcome ?? { status: 'ok' }
  const how = signal ?? (exitCode ? `exit status ${exitCode}` : '')
  const parts = [
    status,
    how,
    usage?.wallSeconds === undefined ? '' : formatSeconds(usage.wallSeconds),
    usage?.maxResidentBytes === undefined ? '' : `${formatBytes(usage.maxResidentBytes)} at most`,
    reason ? escapeLine(reason) : '',
  ]
  return parts.filter(Boolean).join('  ')
}

function describeFile({ path, digest, bytes, state, reason, change }: Run['inputs'][number]): string {
  const size = bytes === undefined ? '' : `  ${formatBytes(bytes)}`
  const words = [state === 'complete' ? '' : state, reason ?? '', change ?? ''].filter(Boolean).join(', ')
  return `${path}  ${digest ? short(digest) : '-'}${size}${words ? `  ${words}` : ''}`
}

function describeSnapshot(snapshot: NonNullable<Run['snapshot']>): string {
  if (isMissing(snapshot)) return snapshot.missing
  const { commit, changes, omitted, lossy } = snapshot
  const notes = [
    changes === undefined ? '' : `${changes} changed`,
    omitted?.length ? `${omitted.length} left out` : '',
    ...(lossy ?? []),
  ]
  return `snapshot ${commit.slice(0, 10)}  ${notes.filter(Boolean).join(', ')}`
}
