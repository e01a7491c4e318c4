import { type Finding, finding } from '../../base/finding.ts'
import { isAmong } from '../../config/retention.ts'
import type { PolicyPart } from '../../generated/types.ts'
import type { Archive, Redaction } from '../../records/record.ts'

const lists = { archive: 'archivers', redaction: 'redactors' } as const

/** Records that let files go, by somebody whom the policy does not name for it. */
export function checkRemovers(
  records: readonly { path: string; record: Archive | Redaction }[],
  policy: PolicyPart | undefined,
): Finding[] {
  return records.flatMap(({ path, record }) => {
    const list = lists[record.kind]
    const who = policy?.retention?.[list]
    if (!who || isAmong(who, record.agent.email, policy?.roles)) return []
    const message = `removes ${record.removes.length} files, and ${record.agent.email} is not among policy.retention.${list}`
    return [finding('remover', path, message, 'bring them back from a commit that has them: git show <commit>:<path>')]
  })
}
