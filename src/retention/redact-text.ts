import { escapeLine } from '../base/escape.ts'
import { plural } from '../base/quantity.ts'
import type { Purged } from '../ledger/removal/purge.ts'
import type { Redacted } from './redact.ts'

/** The line that `git prov redact <id>` prints. `remote` is one chosen for provenance. */
export function renderRedacted({ path, stored, copy, purged }: Redacted, remote: string | undefined): string {
  const instead = copy ? `; record ${copy.id.slice(0, 12)} is the copy without it` : ''
  const here = purged.kept.length > 0 ? ' (this clone still holds it: git prov redact --purge)' : ''
  const next = remote ? `; git prov redact --push ${escapeLine(remote)}` : ''
  return `prov: ${path} was removed${here}${instead} (redaction ${stored.id.slice(0, 12)})${next}`
}

/** Other records that contain the secret, and what to type. */
export function renderOthers(others: readonly string[]): string {
  return `prov: ${plural(others.length, 'other record')} still ${others.length === 1 ? 'holds' : 'hold'} it: git prov redact --stdin ${others[0]?.slice(0, 12)}`
}

/** What is left of redacted content in this clone. */
export function renderPurged({ gone, kept, holders }: Purged): string {
  if (kept.length === 0)
    return `prov: ${gone > 0 ? `${plural(gone, 'object')} deleted; ` : ''}nothing that was redacted is in this clone`
  const why = holders.length > 0 ? `held by ${holders.map(escapeLine).join(', ')}` : 'in a kept pack or an alternate'
  return `prov: ${plural(kept.length, 'object')} that was redacted is still in this clone, ${why}`
}
