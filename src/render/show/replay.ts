import { short } from '../../core/digest.ts'
import { escapeLine } from '../../core/escape.ts'
import { formatFigure } from '../../core/figure.ts'
import type { Replay } from '../../core/record.ts'
import type { Paint } from '../colour.ts'

/** A verdict, what differs, and the likely causes. */
export function replayBody(record: Replay, paint: Paint): string[] {
  const lines = [`replay of ${short(record.run)}  ${record.verdict.replaceAll('-', ' ')}`]
  if (record.reason) lines.push(`    ${escapeLine(record.reason)}`)
  for (const { name, recorded, replayed, tolerance, within } of record.metrics) {
    const figures = `${replayed === undefined ? 'none' : formatFigure(replayed)}  recorded ${recorded === undefined ? 'none' : formatFigure(recorded)}`
    const bound = tolerance === undefined ? '' : `  (tolerance ${tolerance})`
    lines.push(`    ${escapeLine(name)}  ${figures}${bound}${within ? '' : `  ${paint.bad('differs')}`}`)
  }
  for (const { path, recorded, replayed, same } of record.outputs) {
    const digests = `${replayed ? short(replayed) : 'none'} vs ${recorded ? short(recorded) : 'none'}`
    lines.push(`    ${escapeLine(path)}  ${same ? 'same' : paint.bad(`differs (${digests})`)}`)
  }
  const causes = record.causes.map(({ detail }, index) => `${index + 1} ${escapeLine(detail)}`)
  return causes.length > 0 ? [...lines, `    likely  ${causes.join('   ')}`] : lines
}
