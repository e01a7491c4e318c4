import { short } from '../base/digest.ts'
import { formatDelta, formatFigure, fromFigure } from '../base/figure.ts'
import { plural } from '../base/quantity.ts'
import { describeChange } from '../records/dataset.ts'
import { markdownCode as code, markdownTable, mermaidLabel, markdownText as text } from '../render/markdown.ts'
import type { Lineage, PullRequestRun, PullRequestView } from './pull-request.ts'

/** Lets whoever posts the comment find it again. */
const commentMark = '<!-- git-prov -->'

/** Most rows in a table; forges limit the length of a comment (65,536 characters on GitHub). */
const most = 30

/** One comment for a pull request. */
export function renderPullRequest(view: PullRequestView): string {
  const sections = [
    briefs(view),
    changes(view),
    metrics(view),
    decisions(view),
    missing(view),
    lineage(view.lineage),
  ].filter(Boolean)
  return `${[commentMark, heading(view), ...sections].join('\n\n')}\n`
}

function heading({ base, commits, code: { files, added, removed }, problems }: PullRequestView): string {
  const owed = problems.filter(({ level }) => level === 'error').length
  const remarks = problems.length > 0 ? plural(problems.length, 'remark') : 'nothing is missing'
  const verdict = owed > 0 ? `**${plural(owed, 'thing')} missing**` : remarks
  return `### Provenance\n\n${plural(commits, 'commit')} since ${code(base)}, ${plural(files, 'file')} +${added} −${removed}; ${verdict}.`
}

function briefs({ briefs: all }: PullRequestView): string {
  return all
    .slice(0, 5)
    .map(({ outcome, impact, tradeOffs }) =>
      [
        `> **Intended** ${text(outcome)}`,
        ...(impact ? [`> **Impact** ${text(impact)}`] : []),
        ...(tradeOffs ? [`> **Trade-offs** ${text(tradeOffs)}`] : []),
      ].join('  \n'),
    )
    .join('\n\n')
}

function changes({ capture, from, to }: PullRequestView): string {
  if (!capture)
    return `#### Data, environment, parameters\n\nNot known: one end of the change has no capture (${code(`git prov capture ${short(from)}..${short(to)}`)}).`
  const { environment, datasets, parameters } = capture
  const rows = [
    ...datasets.map(({ name, before, after, files }) => [
      'data',
      text(name),
      before ? code(short(before)) : '',
      after ? code(short(after)) : '',
      files
        ? text(
            describeChange({
              from: before ?? '',
              added: files.added.length,
              removed: files.removed.length,
              modified: files.modified.length,
            }),
          )
        : '',
    ]),
    ...parameters.map(({ part, name, before, after }) => [
      'parameter',
      code(name),
      code(before ?? ''),
      code(after ?? ''),
      text(part),
    ]),
    ...[...(environment?.packages ?? []), ...(environment?.software ?? []), ...(environment?.host ?? [])].map(
      ({ part, name, before, after }) => ['environment', text(name), code(before ?? ''), code(after ?? ''), text(part)],
    ),
  ]
  if (rows.length === 0) return 'Data, environment and parameters did not change.'
  const rest = rows.length > most ? `\n\nand ${rows.length - most} more: ${code('git prov diff')}` : ''
  return `#### Data, environment, parameters\n\n${markdownTable(['', 'what', 'before', 'after', ''], rows.slice(0, most))}${rest}`
}

function metrics({ runs }: PullRequestView): string {
  if (runs.length === 0) return ''
  const rows = runs.slice(-most).flatMap((run) => runRows(run))
  return `#### Runs\n\n${markdownTable(['run', 'status', 'metric', 'value', 'baseline', 'change'], rows.slice(0, most * 2))}`
}

const answers = { met: 'expectation met', 'not-met': '**expectation not met**', unknown: 'expectation unknown' }

function runRows({ id, stage, name, status, answer, metrics: all, baseline }: PullRequestRun): string[][] {
  const label = [code(short(id)), stage && text(stage), name && text(name)].filter(Boolean).join(' ')
  const state = [text(status), answer && answers[answer]].filter(Boolean).join(', ')
  if (all.length === 0) return [[label, state, '', '', '', '']]
  return all.slice(0, 10).map(({ name: metric, value, baseline: base, direction }, index) => {
    const delta = base === undefined ? Number.NaN : fromFigure(value) - fromFigure(base)
    const worse = (direction === 'maximize' && delta < 0) || (direction === 'minimize' && delta > 0)
    const change = Number.isFinite(delta)
      ? `${formatDelta(delta)}${delta !== 0 && direction ? (worse ? ' worse' : ' better') : ''}`
      : ''
    const first = index === 0
    const against = base === undefined ? '' : `${formatFigure(base)}${first && baseline ? ` (${text(baseline)})` : ''}`
    return [first ? label : '', first ? state : '', code(metric), formatFigure(value), against, change]
  })
}

const parts = { accepted: 'accepted', proposed: 'proposed', other: 'changed', stale: '**made stale**' }

function decisions({ decisions: all }: PullRequestView): string {
  if (all.length === 0) return ''
  const rows = all
    .slice(0, most)
    .map(({ slug, title, status, part, reviewers, reasons }) => [
      parts[part],
      `${code(slug)} ${text(title)}`,
      text(status),
      text([...reviewers.map((name) => `reviewed by ${name}`), ...reasons].join('; ')),
    ])
  return `#### Decisions\n\n${markdownTable(['', 'decision', 'status', ''], rows)}`
}

function missing({ problems }: PullRequestView): string {
  if (problems.length === 0) return ''
  const marks = { error: '✗', warning: '!', info: '·' }
  const lines = problems.slice(0, most).map(({ level, file, line, message, hint, where }) => {
    const place = file ? `${file}${line === undefined ? '' : `:${line}`}` : where
    return `- ${marks[level]} ${code(place)} ${text(message)}  \n  ${text(hint)}`
  })
  const rest = problems.length > most ? [`- and ${problems.length - most} more: ${code('git prov check')}`] : []
  return `#### Missing\n\n${[...lines, ...rest].join('\n')}`
}

const shapes = { data: ['[(', ')]'], run: ['([', '])'], file: ['[', ']'], decision: ['{{', '}}'] } as const

/** A flowchart in Mermaid, which forges render. */
function lineage({ nodes, edges }: Lineage): string {
  if (edges.length === 0) return ''
  const lines = nodes.map(
    ({ id, label, shape }) => `  ${id}${shapes[shape][0]}${mermaidLabel(label)}${shapes[shape][1]}`,
  )
  const arrows = edges.map(({ from, to }) => `  ${from} --> ${to}`)
  return [
    '<details><summary>Lineage</summary>',
    '',
    '```mermaid',
    'flowchart LR',
    ...lines,
    ...arrows,
    '```',
    '',
    '</details>',
  ].join('\n')
}
