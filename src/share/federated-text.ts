import { escapeLine } from '../base/escape.ts'
import { stringifyLine } from '../base/json.ts'
import type { Published, StoredRecord } from '../records/record.ts'
import type { Paint } from '../render/colour.ts'

const longest = 120

/** One line of a record that another team published: origin first, so that nobody mistakes it for their own. */
export function renderFederated(origin: string, { id, record }: StoredRecord<Published>, paint: Paint): string {
  const content = stringifyLine(record.content)
  const shown = content.length > longest ? `${content.slice(0, longest)}…` : content
  return `${paint.label(escapeLine(origin))}  ${id.slice(0, 12)}  ${record.time.slice(0, 10)}  ${record.of}  ${escapeLine(shown)}`
}

/** The full record. */
export function renderPublished(origin: string, { id, record }: StoredRecord<Published>, paint: Paint): string[] {
  return [
    paint.commit(`${record.of} ${id}`),
    `From:   ${escapeLine(origin)}, profile ${record.profile}`,
    `When:   ${record.time}`,
    `Of:     a record committed to as ${record.commitment.slice(0, 16)}`,
    ...(record.fields ? [`Sealed: ${Object.keys(record.fields).join(', ')}`] : []),
    '',
    ...JSON.stringify(record.content, null, 2).split('\n').map(escapeLine),
  ]
}
