import { join } from 'node:path'
import { ProvError } from '../base/errors.ts'
import { replaceFile } from '../base/files.ts'
import { type Entry, toItem } from '../ledger/append/spool.ts'
import type { LocalDir } from '../ledger/local/local-dir.ts'

/** Saves an entry that must not be appended to a file in the clone, with the reason. Returns the file. Throws `io`. */
export function keepAside(local: LocalDir, entry: Entry, reason: string): string {
  const { record, id } = entry.record
  const file = join(local.aside, `${record.kind}-${id.slice(0, 12)}.json`)
  if (replaceFile(file, `${JSON.stringify({ reason, ...toItem(entry) }, null, 2)}\n`, 0o600)) return file
  throw new ProvError('io', `cannot write ${file}`, { hint: 'is the git directory writable?' })
}
