import { short } from '../../base/digest.ts'
import { escapeLine } from '../../base/escape.ts'
import { formatFigure } from '../../base/figure.ts'
import type { Paint } from '../../render/colour.ts'
import type { KindShow } from '../kind-show.ts'
import type { Replay } from '../record.ts'

// Nobody needs the sixth before ruling out the first five; show --json has all.
const mostCauses = 5

export const replay: KindShow<Replay> = { body: replayBody }

/** A verdict, what differs, and the likely causes. */
export function replayBody(record: Replay, paint: Paint): string[] {
  // Outputs of a command that did not finish mean nothing.
  const compared = record.verdict !== 'could-not-run'
  const rows = compared
    ? [...record.metrics.map((metric) => metricRow(metric, paint)), ...outputRows(record, paint)]
    : []
  const causes = record.causes.slice(0, mostCauses).map(({ detail }, index) => `${index + 1} ${escapeLine(detail)}`)
  const more = record.causes.length - causes.length
  if (causes.length > 0) rows.push(['likely', [...causes, ...(more > 0 ? [`and ${more} more`] : [])].join('   ')])
  const width = Math.max(0, ...rows.map(([name]) => name.length))
  return [
    `replay of ${short(record.run)}  ${record.verdict.replaceAll('-', ' ')}`,
    ...(record.reason ? [`  ${escapeLine(record.reason)}`] : []),
    ...rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
  ]
}

type Row = [name: string, text: string]

function metricRow({ name, recorded, replayed, tolerance, within }: Replay['metrics'][number], paint: Paint): Row {
  const figures = `${replayed === undefined ? 'none' : formatFigure(replayed)}  recorded ${recorded === undefined ? 'none' : formatFigure(recorded)}`
  const bound = tolerance === undefined ? '' : `  (tolerance ${tolerance})`
  return [escapeLine(name), `${figures}${bound}${within ? '' : `  ${paint.bad('differs')}`}`]
}

/** Lists those that differ, and counts the others. */
function outputRows({ outputs }: Replay, paint: Paint): Row[] {
  const same = outputs.filter((output) => output.same).length
  const rows = outputs.flatMap(({ path, recorded, replayed, same, except }): Row[] => {
    if (except) return [[escapeLine(path), `the same but for ${except.map(escapeLine).join(', ')}`]]
    const digests = `sha-256 ${replayed ? short(replayed) : 'none'} vs ${recorded ? short(recorded) : 'none'}`
    return same ? [] : [[escapeLine(path), paint.bad(`differs (${digests})`)]]
  })
  return same > 0 ? [...rows, ['outputs', `${same} the same`]] : rows
}
