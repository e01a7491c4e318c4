import { formatSeconds } from '../../base/duration.ts'
import { escapeLine } from '../../base/escape.ts'
import type { Paint } from '../../render/colour.ts'
import { type RunView, startOf } from '../run.ts'

/** Who ran it, when it was planned, started and ended, and which records say so. */
export function runHead(view: RunView, paint: Paint): string[] {
  const { record, planned, finished } = view
  const { about, agent } = record
  return [
    paint.commit(`run ${view.id}`),
    ...(about ? [`About:  commit ${about.commit}${about.branch ? ` on ${escapeLine(about.branch)}` : ''}`] : []),
    `By:     ${escapeLine(agent.name)} <${escapeLine(agent.email)}>`,
    `When:   ${startOf(record)}${record.ended ? ` to ${record.ended}` : ''}`,
    `Plan:   ${describePlan(view)}`,
    ...(planned && finished ? [`Ended:  record ${finished.id}`] : []),
    ...record.links.filter(({ rel }) => rel !== 'wasRevisionOf').map(({ rel, to }) => `Link:   ${rel} ${to}`),
    '',
  ]
}

/** A plan counts only because it was on the ledger before the command started. */
function describePlan({ planned, record }: RunView): string {
  if (!planned) return record.imported ? 'none: imported' : 'none: recorded when it had ended'
  if (!record.started) return `recorded ${planned.record.time}`
  const seconds = (Date.parse(record.started) - Date.parse(planned.record.time)) / 1000
  return seconds >= 0
    ? `recorded ${formatSeconds(seconds)} before the start`
    : `recorded ${formatSeconds(-seconds)} after the start`
}
