import type { Finding } from '../../base/finding.ts'
import { listPending } from '../../capture/pending.ts'
import type { LocalDir } from '../../ledger/local/local-dir.ts'

export function pendingCaptures(local: LocalDir): Finding[] {
  return listPending(local).map(({ commit }) => ({
    code: 'pending',
    severity: 'warning',
    where: commit.slice(0, 10),
    message: 'its data is still being fingerprinted',
    hint: 'git prov capture finishes it now',
  }))
}
