import type { Finding } from '../../base/finding.ts'
import { plural } from '../../base/quantity.ts'
import { listLeft } from '../../ledger/append/spool.ts'
import type { LocalDir } from '../../ledger/local/local-dir.ts'

export function spooledAppends(local: LocalDir): Finding[] {
  const count = listLeft(local).length
  if (count === 0) return []
  const message = `${plural(count, 'append')} not on the branch yet`
  return [{ code: 'spooled', severity: 'warning', where: 'spool', message, hint: 'git prov capture' }]
}
