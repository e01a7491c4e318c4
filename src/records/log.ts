import { short } from '../base/digest.ts'
import { escapeLine, escapeText } from '../base/escape.ts'
import { formatBytes } from '../base/quantity.ts'
import { describeChange, describeDataset } from '../records/dataset.ts'
import { describeEnvironmentDiff } from '../records/environment.ts'
import type { Paint } from '../render/colour.ts'
import { logRows } from './log-rows.ts'
import type { LogView } from './log-view.ts'

/** The commit's header and message as `git log` prints them. `decoration` is git's own, with its colours. */
export function renderHead(view: LogView, shownDate: string, decoration: string, paint: Paint): string[] {
  const merge = view.parents.length > 1 ? [`Merge: ${view.parents.map((oid) => oid.slice(0, 7)).join(' ')}`] : []
  return [
    `${paint.commit(`commit ${view.commit}`)}${escapeKeepingColour(decoration)}`,
    ...merge,
    `Author: ${escapeLine(view.author.name)} <${escapeLine(view.author.email)}>`,
    `Date:   ${escapeLine(shownDate)}`,
    '',
    ...view.message.split('\n').map((line) => (line ? `    ${escapeText(line)}` : '')),
    '',
  ]
}

/** The commit's provenance, one item per line, indented like the message. */
export function renderProvenance(view: LogView, paint: Paint): string[] {
  const row = (label: string, text: string) =>
    `    ${paint.label(label)}${' '.repeat(Math.max(1, 6 - label.length))}${escapeLine(text)}`
  const { capture } = view
  const rows = logRows(view.lines).map(({ label, text }) => row(label, text))
  if (!capture) return [row('prov', whyMissing(view)), ...rows]
  const lines = [row('env', environmentWords(view))]
  const width = Math.max(0, ...Object.keys(capture.datasets ?? {}).map((name) => name.length))
  for (const name of Object.keys(capture.datasets ?? {}))
    lines.push(row('data', `${name.padEnd(width)} ${datasetWords(view, name)}`))
  const remark = remarkOf(view)
  if (remark) lines.push(row('prov', remark))
  return [...lines, ...rows]
}

function environmentWords({ capture, environmentDiff, environmentSummary }: LogView): string {
  if (!capture?.environment) return 'not known'
  const id = short(capture.environment)
  if (environmentDiff) return `${id}  ${describeEnvironmentDiff(environmentDiff)}`
  if (capture.changed?.environment) return `${id}  was ${short(capture.changed.environment)}`
  return environmentSummary ? `${id}  ${environmentSummary}` : id
}

function datasetWords({ capture }: LogView, name: string): string {
  const dataset = capture?.datasets?.[name] ?? {}
  const change = capture?.changed?.datasets?.[name]
  const known = { state: 'complete' as const, ...dataset }
  if (!change || dataset.state || dataset.digest === undefined) return describeDataset(known)
  const size = dataset.bytes === undefined ? '' : `, ${formatBytes(dataset.bytes)}`
  return change.from === undefined
    ? describeDataset(known)
    : `${short(dataset.digest)}  ${describeChange(change)}${size}`
}

/** If several captures match, all are named, so that the reader can look at them. */
function whyMissing({ candidates }: LogView): string {
  if (!candidates) return 'no capture'
  const names = candidates.slice(0, 5).map((oid) => oid.slice(0, 7))
  return `no capture of its own; ${names.join(' and ')} match equally well and differ, so none is used`
}

function remarkOf({ status, matchedBy, matchedCommit }: LogView): string {
  const how = {
    rewrite: 'rewritten from',
    tree: 'same tree as',
    'patch-id': 'same patch as',
    range: 'same change as the commits up to',
    commit: '',
  }[matchedBy ?? 'commit']
  const parts = [
    how && matchedCommit ? `${how} ${matchedCommit.slice(0, 7)}` : '',
    status === 'late' ? 'captured late' : '',
    status === 'pending' ? 'pending (git prov status)' : '',
  ]
  return parts.filter(Boolean).join(', ')
}

/** One line: marks for what did not change, words for what did. */
export function renderOneline(view: LogView, decoration: string, paint: Paint): string {
  const parts = [
    paint.commit(view.commit.slice(0, 7)) + escapeKeepingColour(decoration),
    ...marksOf(view),
    ...logRows(view.lines).map(({ brief }) => escapeLine(brief ?? '')),
    escapeLine(view.message.split('\n')[0] ?? ''),
  ]
  return parts.filter(Boolean).join(' ')
}

function marksOf({ capture, status }: LogView): string[] {
  if (!capture) return ['env? ']
  const mark = (name: string, changed: boolean | undefined) =>
    `${name}${changed === undefined ? '' : changed ? '~' : '='}`
  const changed = capture.changed
  const environment = capture.environment ? mark('env', changed && changed.environment !== undefined) : 'env?'
  const datasets = Object.entries(capture.datasets ?? {}).map(([name, { state }]) =>
    state ? `${escapeLine(name)}?` : mark(escapeLine(name), changed && changed.datasets?.[name] !== undefined),
  )
  return [environment, ...datasets, status === 'late' ? 'late' : ''].filter(Boolean)
}

/** Text coloured by git: its colours are kept, everything else unsafe is escaped. */
export function escapeKeepingColour(text: string): string {
  return text
    .split(/(\x1b\[[0-9;]*m)/)
    .map((part, index) => (index % 2 === 1 ? part : escapeText(part)))
    .join('')
}
