import { escapeLine, escapeText } from '../../base/escape.ts'
import { type ReviewEvent, threads } from '../../records/review.ts'
import type { Paint } from '../../render/colour.ts'

const words = { approve: 'approves', 'request-changes': 'requests changes', comment: 'comments' } as const

/** Reviews as threads. `now` is the current version of what is reviewed; reviews of an earlier one are marked. */
export function renderThreads(reviews: readonly ReviewEvent[], now: string, paint: Paint): string[] {
  return threads(reviews).flatMap(({ review, depth }) => {
    const { id, name, role, verdict, line, time, text, of } = review
    const indent = '  '.repeat(Math.min(depth, 10))
    const head = [
      `${name}${role ? ` (${role})` : ''} ${words[verdict]}`,
      line === undefined ? '' : `line ${line}`,
      time.slice(0, 10),
      of === now ? '' : 'an earlier text',
    ]
    const said = text ? escapeText(text).split('\n') : []
    return [
      `${indent}${paint.commit(id.slice(0, 6))}  ${escapeLine(head.filter(Boolean).join('  '))}`,
      ...said.map((one) => `${indent}    ${one}`),
    ]
  })
}
