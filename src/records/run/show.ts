import { short } from '../../base/digest.ts'
import { formatSeconds } from '../../base/duration.ts'
import { escapeLine } from '../../base/escape.ts'
import { formatDelta, formatFigure } from '../../base/figure.ts'
import { isMissing } from '../../base/missing.ts'
import { formatBytes, plural } from '../../base/quantity.ts'
import { type Environment, summariseEnvironment } from '../../records/environment.ts'
import type { Run } from '../../records/record.ts'
import { baselineDelta, flatParameters, type RunView } from '../../records/run.ts'
import type { Paint } from '../../render/colour.ts'
import { sparkline } from '../../render/sparkline.ts'
import type { KindShow, ShowView } from '../kind-show.ts'
import { remarkBody } from '../remark/show.ts'
import { replayBody } from '../replay/show.ts'
import { foldRuns } from '../run.ts'
import { runHead } from './head.ts'
import { describeRuns } from './log.ts'

export const run: KindShow<Run> = {
  head: (_, paint, view) => runHead(runOf(view), paint),
  body: (_, paint, view) => runBody(runOf(view), view, paint),
  withEnvironment: true,
  log: (lines) => describeRuns(lines).map(({ text, brief }) => ({ label: 'run', text, brief })),
}

/** Everything known about the run, or what the one record says. */
const runOf = ({ run, stored }: ShowView) => run ?? (foldRuns([stored])[0] as RunView)

/** The intent, the inputs, the results, and later remarks. */
function runBody(view: RunView, details: Pick<ShowView, 'environment' | 'unicode'>, paint: Paint): string[] {
  const { record } = view
  const rows: Row[] = [
    ...meant(record),
    ...came(record, details.unicode ?? false),
    ...used(record, details.environment),
  ]
  const lines = rows.map(([label, text]) => `${paint.label(label.padEnd(9))} ${escapeLine(text)}`)
  const replays = view.replays.map((replay) => ['', ...replayBody(replay.record, paint), `    ${replay.record.time}`])
  const remarks = view.remarks.map(({ record: remark }) => ['', ...remarkBody(remark, paint).filter(Boolean)])
  const words = record.command.map((word) => escapeLine(quote(word))).join(' ')
  const isShut = record.command.length === 1 && record.command[0]?.startsWith('restricted (recipients: ')
  return [
    isShut ? escapeLine(record.command[0] as string) : `$ ${words}`,
    `    ${endOf(record)}`,
    '',
    ...lines,
    ...replays.flat(),
    ...remarks.flat(),
  ]
}

type Row = readonly [label: string, text: string]

function meant(record: Run): Row[] {
  const words = [
    ['name', record.name],
    ['stage', record.stage],
    ['intent', record.intent],
    ['believed', record.hypothesis],
    ['decision', record.decisions?.join(', ')],
  ] as const
  return [
    ...words.flatMap(([label, text]): Row[] => (text ? [[label, text]] : [])),
    ...(record.expectations ?? []).map(
      ({ expression, answer, reason }): Row => [
        'expected',
        `${expression}${answer ? `  ${answer.replace('-', ' ')}` : ''}${reason ? ` (${reason})` : ''}`,
      ],
    ),
    ...(record.baseline ? [['baseline', describeBaseline(record.baseline)] as const] : []),
  ]
}

function describeBaseline({ reference, run, commit }: NonNullable<Run['baseline']>): string {
  const what = run ? `run ${short(run)}` : commit ? `commit ${commit.slice(0, 10)}` : 'not found'
  return reference.startsWith(run?.slice(0, 4) ?? ' ') ? what : `${reference}  ${what}`
}

function came(record: Run, unicode: boolean): Row[] {
  const metrics = Object.entries(record.metrics ?? {})
  const width = Math.max(0, ...metrics.map(([name]) => name.length))
  return [
    ...metrics.map(([name, metric]): Row => {
      const delta = baselineDelta(record, name)
      const figure = `${formatFigure(metric.value)}${delta === undefined ? '' : ` (${formatDelta(delta)})`}`
      return ['metric', [name.padEnd(width), figure, describeSeries(metric, unicode)].filter(Boolean).join('  ')]
    }),
    ...(record.outputs ?? []).map((file): Row => ['output', describeFile(file)]),
    ...(record.changed === false ? [['output', 'nothing changed'] as const] : []),
    ...(record.problems ?? []).map(({ where, reason }): Row => ['problem', `${where}: ${reason}`]),
  ]
}

type Metric = NonNullable<Run['metrics']>[string]

function describeSeries({ curve, steps, min, max }: Metric, unicode: boolean): string {
  const line = sparkline(curve ?? [], unicode)
  if (!line || steps === undefined) return ''
  const span = min === undefined || max === undefined ? '' : `, ${formatFigure(min)} to ${formatFigure(max)}`
  return `${line}  ${plural(steps, 'step')}${span}`
}

function used(record: Run, environment: Environment | undefined): Row[] {
  const named = (label: string, values: Iterable<[string, unknown]>) =>
    [...values].map(([key, value]): Row => [label, `${key} = ${String(value)}`])
  return [
    ...named('param', flatParameters(record)),
    ...named('seed', Object.entries(record.seeds ?? {})),
    ...named('tag', Object.entries(record.tags ?? {})),
    ...record.inputs.map((file): Row => ['input', describeFile(file)]),
    ...(record.snapshot ? [['code', describeSnapshot(record.snapshot)] as const] : []),
    ['env', describeEnvironment(record, environment)],
    ...(record.imported ? [['from', `${record.imported.from}, ${record.imported.source}`] as const] : []),
  ]
}

function describeEnvironment({ environment: reference }: Run, environment: Environment | undefined): string {
  if (isMissing(reference)) return reference.missing
  return `${short(reference.digest)}${environment ? `  ${summariseEnvironment(environment)}` : ''}`
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
