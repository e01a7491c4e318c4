import { escapeLine } from '../base/escape.ts'
import type { Paint } from '../render/colour.ts'
import { asStored } from './as-stored.ts'
import type { KindShow, ShowView } from './kind-show.ts'
import { kindShows, showOf } from './show.ts'

/** A record in full, for a person. */
export function renderRecord(view: ShowView, paint: Paint): string[] {
  const { record } = view.stored
  const show = showOf(record) ?? newer
  const head = show.head?.(record, paint, view) ?? headOf(view, paint)
  return [...head, ...show.body(record, paint, view), ...(record.problems ?? []).map(problemLine)]
}

const problemLine = ({ where, reason }: { where: string; reason: string }) =>
  `  problem: ${escapeLine(`${where}: ${reason}`)}`

function headOf({ stored: { record, id }, matched }: ShowView, paint: Paint): string[] {
  const { about, agent, links, time } = record
  return [
    paint.commit(`${escapeLine(record.kind)} ${id}`),
    ...(about
      ? [`About:  commit ${escapeLine(about.commit)}${about.branch ? ` on ${escapeLine(about.branch)}` : ''}`]
      : []),
    ...(matched ? [`Found:  for ${matched.commit.slice(0, 10)} by ${matched.by}`] : []),
    `By:     ${escapeLine(agent.name)} <${escapeLine(agent.email)}>`,
    `When:   ${escapeLine(time)}`,
    ...links.map(({ rel, to }) => `Link:   ${escapeLine(rel)} ${escapeLine(to)}`),
    '',
  ]
}

/** A record of an unknown kind is shown as stored. */
const newer: KindShow = {
  body: (record, paint, view) => [
    `from a newer git-prov${writtenBy(record.tool)}; this one does not know ${Object.hasOwn(kindShows, record.kind) ? `version ${record.version} of the kind` : 'the kind'}`,
    '',
    ...asStored(record, paint, view),
  ],
}

const writtenBy = ({ version }: { version: string }) => (version ? ` (${escapeLine(version)})` : '')
