import { escapeLine } from '../../base/escape.ts'
import type { Environment } from '../../records/environment.ts'
import type { ProvRecord, StoredRecord } from '../../records/record.ts'
import { foldRuns, type RunView } from '../../records/run.ts'
import type { Paint } from '../../render/colour.ts'
import { archiveBody } from './archive.ts'
import { auditBody } from './audit.ts'
import { captureBody } from './capture.ts'
import { briefBody, decisionBody, policyBody, waiverBody } from './decision.ts'
import { redactionBody } from './redaction.ts'
import { remarkBody } from './remark.ts'
import { replayBody } from './replay.ts'
import { accessBody, restrictedBody } from './restricted.ts'
import { reviewBody } from './review.ts'
import { rewriteBody } from './rewrite.ts'
import { runBody } from './run.ts'
import { runHead } from './run-head.ts'
import { sealBody } from './seal.ts'

export interface ShowView {
  stored: StoredRecord
  environment: Environment | undefined
  /** Set when the commit asked for is not the one the record is about. */
  matched?: { by: string; commit: string }
  /** Set for a run: all its records. */
  run?: RunView
  /** Whether the terminal shows more than ASCII. */
  unicode?: boolean
}

/** A record in full, for a person. */
export function renderRecord(view: ShowView, paint: Paint): string[] {
  const run = view.run ?? foldRuns([view.stored])[0]
  if (run) return [...runHead(run, paint), ...runBody(run, view, paint)]
  const { record, id } = view.stored
  const { about } = record
  const head = [
    paint.commit(`${record.kind} ${id}`),
    ...(about ? [`About:  commit ${about.commit}${about.branch ? ` on ${escapeLine(about.branch)}` : ''}`] : []),
    ...(view.matched ? [`Found:  for ${view.matched.commit.slice(0, 10)} by ${view.matched.by}`] : []),
    `By:     ${escapeLine(record.agent.name)} <${escapeLine(record.agent.email)}>`,
    `When:   ${record.time}`,
    ...record.links.map(({ rel, to }) => `Link:   ${rel} ${to}`),
    '',
  ]
  return [...head, ...bodyOf(record, view, paint)]
}

/** A kind without a body of its own is shown as it is stored. */
function bodyOf(record: ProvRecord, { environment, stored }: ShowView, paint: Paint): string[] {
  if (record.kind === 'capture') return captureBody(record, environment, paint)
  if (record.kind === 'rewrite') return rewriteBody(record)
  if (record.kind === 'replay') return replayBody(record, paint)
  if (record.kind === 'access') return accessBody(record)
  if (record.kind === 'archive') return archiveBody(record)
  if (record.kind === 'restricted') return restrictedBody(record)
  if (record.kind === 'audit') return auditBody(record)
  if (record.kind === 'redaction') return redactionBody(record)
  if (record.kind === 'seal') return sealBody(record)
  if (record.kind === 'review') return reviewBody(record)
  if (record.kind === 'decision') return decisionBody(record, paint)
  if (record.kind === 'brief') return briefBody(record)
  if (record.kind === 'waiver') return waiverBody(record)
  if (record.kind === 'policy') return policyBody(record)
  if (record.kind === 'remark') return remarkBody(record, paint)
  return (stored as StoredRecord).text.split('\n').map((line) => escapeLine(line))
}
