import { formatSeconds } from '../base/duration.ts'
import { escapeLine } from '../base/escape.ts'
import { formatDelta, formatFigure } from '../base/figure.ts'
import { plural } from '../base/quantity.ts'
import type { Run } from '../records/record.ts'
import { answerOf, baselineDelta, headlineMetrics } from '../records/run.ts'

const answers = { met: 'expectation met', 'not-met': 'expectation not met', unknown: 'expectation not answered' }

/** The line at the end of a run: `prov: run 7c1f9e  ok  42 s  f1 0.83 (+0.04 vs baseline)  expectation met  1 output`. */
export function renderRunLine(id: string, record: Run): string {
  const answer = answerOf(record)
  const parts = [
    `prov: run ${id.slice(0, 6)}`,
    statusWords(record),
    record.usage?.wallSeconds === undefined ? '' : formatSeconds(record.usage.wallSeconds),
    ...metricWords(record),
    answer ? answers[answer] : '',
    outputWords(record),
    ...inputWords(record),
    problemWords(record),
  ]
  return escapeLine(parts.filter(Boolean).join('  '))
}

function statusWords({ outcome }: Run): string {
  if (!outcome) return 'not finished'
  const { status, exitCode, signal, reason } = outcome
  if (status === 'failed') return `failed (${exitCode ?? 'unknown'})`
  if (status === 'killed') return `killed (${signal ?? 'unknown'})`
  return status === 'not-started' || status === 'lost'
    ? `${status}: ${reason ?? 'unknown'}`
    : status.replaceAll('-', ' ')
}

/** The baseline is mentioned once. */
function metricWords(record: Run): string[] {
  const names = headlineMetrics(record)
  const compared = names.find((name) => baselineDelta(record, name) !== undefined)
  return names.map((name) => {
    const value = record.metrics?.[name]?.value ?? 'NaN'
    const delta = baselineDelta(record, name)
    const than = name === compared ? ' vs baseline' : ''
    return `${name} ${formatFigure(value)}${delta === undefined ? '' : ` (${formatDelta(delta)}${than})`}`
  })
}

function outputWords({ outputs = [], changed }: Run): string {
  const made = outputs.filter(({ change, state }) => state !== 'missing' && change !== 'deleted')
  const missing = outputs.filter(
    ({ state, change, declared }) => declared === 'option' && state === 'missing' && !change,
  )
  const words = made.length > 0 ? plural(made.length, 'output') : changed === false ? 'nothing changed' : ''
  return [words, missing.length > 0 ? `${missing.map(({ path }) => path).join(', ')} not made` : '']
    .filter(Boolean)
    .join('  ')
}

/** Declared inputs that the run changed, or that were missing. */
function inputWords({ inputs, outputs = [] }: Run): string[] {
  const changes = new Map(outputs.map(({ path, change }) => [path, change]))
  return inputs.flatMap(({ path, dataset, declared, state, reason }) => {
    const name = dataset ?? path
    if (state !== 'complete' && reason !== 'restricted' && declared === 'option')
      return [`input ${name} ${state}${reason ? `: ${reason}` : ''}`]
    return state === 'complete' && changes.get(path) === 'modified' ? [`input ${name} was changed by the run`] : []
  })
}

function problemWords({ problems = [] }: Run): string {
  const [first] = problems
  if (!first) return ''
  return problems.length === 1
    ? `${first.where}: ${first.reason}`
    : `${plural(problems.length, 'problem')} (git prov show)`
}
