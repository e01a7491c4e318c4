import { ownMembers } from '../records/own-members.ts'
import type { ProvRecord } from '../records/record.ts'

/** Beside those of every record: digests, object names, slugs, figures, and what was made clean where it was gathered. */
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

/** Members of a kind in which no secret and no name is looked for. */
export const ownMembersOf = (kind: ProvRecord['kind']): ReadonlySet<string> =>
  new Set<string>([...ownMembers, ...(ofKind[kind] ?? [])])
