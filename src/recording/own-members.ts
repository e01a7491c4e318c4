import { ownMembers } from '../records/own-members.ts'
import type { ProvRecord } from '../records/record.ts'

/** In addition to those of every record: digests, object names, slugs, numbers, and texts redacted when gathered. */
const ofKind: Partial<Record<ProvRecord['kind'], readonly string[]>> = {
  access: ['how', 'fields'],
  archive: ['archive', 'before', 'removes'],
  audit: ['tip', 'writers', 'keys', 'ownerless', 'secrets'],
  decision: ['slug', 'action', 'status', 'file', 'digest', 'by', 'policy', 'reviewers'],
  outcome: ['decision', 'verdict', 'criteria'],
  patches: ['method', 'since', 'patches', 'ranges'],
  policy: ['digest', 'content'],
  redaction: ['removes', 'files', 'rewriting'],
  replay: ['run', 'verdict', 'isolation', 'environmentMode', 'tolerances', 'outputs', 'metrics'],
  restricted: ['to', 'recipients', 'fields'],
  review: ['verdict', 'decision'],
  rewrite: ['by', 'rewritten'],
  seal: ['tip', 'digest'],
}

/** Members of a kind that are not searched for secrets and names. */
export const ownMembersOf = (kind: ProvRecord['kind']): ReadonlySet<string> =>
  new Set<string>([...ownMembers, ...(ofKind[kind] ?? [])])
