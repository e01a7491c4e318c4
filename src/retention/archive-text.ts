import { formatBytes, plural } from '../base/quantity.ts'
import type { Folded } from './archive.ts'

/** The line that `git prov archive` prints. */
export function renderArchived({ before, archived, bytes, held, archives }: Folded, dryRun: boolean): string {
  const kept = held > 0 ? `; ${plural(held, 'record')} under a legal hold stay` : ''
  const day = before.slice(0, 10)
  if (archived === 0) return `prov: no record before ${day} to archive${kept}`
  const what = `${plural(archived, 'record')} before ${day}`
  if (dryRun)
    return `prov: would fold ${what} into ${plural(archives.length, 'archive')} (${formatBytes(bytes)})${kept}`
  return `prov: folded ${what} into ${plural(archives.length, 'archive')} (${formatBytes(bytes)})${kept}; git prov sync`
}
