import { escapeLine } from '../../base/escape.ts'
import type { Finding } from '../../base/finding.ts'
import { readLastSync } from '../../ledger/local/last-sync.ts'
import type { LocalDir } from '../../ledger/local/local-dir.ts'

/** A push never fails because of sharing, so a failed sync is reported here. */
export function notShared(local: LocalDir): Finding[] {
  const last = readLastSync(local)
  if (last?.view.state !== 'kept') return []
  const message = `the last sync sent nothing: ${escapeLine(last.view.problem ?? 'the remote was busy')}`
  return [{ code: 'not-shared', severity: 'info', where: last.view.remote, message, hint: 'git prov sync' }]
}
