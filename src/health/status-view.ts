import { type FindingsView, toFindingsView } from '../base/finding.ts'
import type { Paint } from '../render/colour.ts'
import { renderFindings } from '../render/findings.ts'
import type { Status } from './status.ts'

/** The output of `git prov status --json`. */
interface StatusView extends FindingsView {
  head: string | null
  /** The id of HEAD's capture. */
  capture: string | null
}

export function statusView({ findings, head, capture }: Status): StatusView {
  return toFindingsView(findings, { head: head ?? null, capture: capture?.id ?? null })
}

export function renderStatus(status: Status, paint: Paint): string {
  return `${[`prov: ${aboutHead(status)}`, ...renderFindings(status.findings, paint)].join('\n')}\n`
}

function aboutHead({ head, capture }: Status): string {
  if (!head) return 'no commit yet'
  const commit = `HEAD ${head.slice(0, 7)}`
  return capture ? `${commit} is captured${capture.late ? ' (late)' : ''}` : `${commit} has no capture`
}
