import { buildRecord, type ProvRecord, type StoredRecord } from '../records/record.ts'
import type { Redactor } from './redact.ts'
import { redactDeep } from './redact-values.ts'

const envelope = ['kind', 'version', 'time', 'agent', 'tool', 'about', 'links'] as const

/**
 * A redacted copy of a record, linked to it as a revision; undefined when the redactor finds nothing. It keeps the
 * original's time, because it still describes that moment.
 */
export function cleanCopy(
  { id, record }: StoredRecord,
  redactor: Redactor,
  agent: ProvRecord['agent'],
): StoredRecord | undefined {
  const body = Object.fromEntries(Object.entries(record).filter(([key]) => !envelope.some((part) => part === key)))
  const { value, found } = redactDeep(redactor, body, record.kind)
  if (found.length === 0) return undefined
  const { kind, about, links } = record
  const fields = {
    ...value,
    kind,
    agent,
    ...(about && { about }),
    links: [...links, { rel: 'wasRevisionOf' as const, to: `record:${id}` }],
  }
  return buildRecord(fields as unknown as ProvRecord, new Date(record.time))
}
