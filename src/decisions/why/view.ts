import { escapeLine, escapeText } from '../../base/escape.ts'
import type { Paint } from '../../render/colour.ts'
import type { Reason } from './answer.ts'

const most = 4

/** Reasons, nearest first: one line each, with its own words below. */
export function renderReasons(reasons: readonly Reason[], paint: Paint): string[] {
  return reasons.flatMap(({ kind, id, title, time, how, details }) => {
    const name = kind === 'decision' ? id : id.slice(0, kind === 'commit' ? 7 : 6)
    const words = details.flatMap((text) => text.trim().split('\n')).map((line) => `    ${escapeText(line)}`)
    const rest =
      words.length > most ? [`    … (git prov ${kind === 'decision' ? 'decision show' : 'show'} ${name})`] : []
    return [
      `${paint.label(kind.padEnd(8))} ${paint.commit(escapeLine(name))}  ${escapeLine([title, time.slice(0, 10)].filter(Boolean).join('  '))}`,
      paint.dim(`    ${escapeLine(how)}`),
      ...words.slice(0, most),
      ...rest,
    ]
  })
}
