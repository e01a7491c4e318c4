import { escapeLine } from '../base/escape.ts'
import { plural } from '../base/quantity.ts'
import { auditBody } from '../records/audit/show.ts'
import type { Audit, StoredRecord } from '../records/record.ts'

/** Whether a review found nothing that anyone has to act on. */
export const isClean = ({ secrets, keys, ownerless }: Audit) => secrets.length + keys.length + ownerless.count === 0

/** What `git prov review-policy` prints: the findings, then one line with the verdict. */
export function renderAudit({ record, id }: StoredRecord<Audit>): string {
  const lines = auditBody(record).map((line) => `  ${line}`)
  const verdict = isClean(record) ? 'nothing to do' : 'see above'
  return `${lines.join('\n')}\nprov: ${plural(record.records, 'record')} reviewed: ${verdict} (audit ${escapeLine(id.slice(0, 12))})`
}
