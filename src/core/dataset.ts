import type { Dataset, DatasetChange } from '../generated/types.ts'
import { short } from './digest.ts'

export type { Dataset, DatasetChange }

/** 1204 as people read it: 1,204. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',')
}

const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** Bytes in decimal units, two digits at least: 999 B, 1.2 GB, 38 GB. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** What can be said of a dataset in a few words: `3d1e0a (1,204 files, 1.2 GB)`. */
export function describeDataset(
  dataset: Pick<Dataset, 'state' | 'digest' | 'files' | 'bytes' | 'reason' | 'aliases'>,
): string {
  const { state, digest, files, bytes, reason, aliases } = dataset
  const why = reason ? `: ${reason}` : ''
  if (reason === 'restricted') return reason
  if (state === 'pending') return `pending${why}`
  if (state === 'incomplete' && digest === undefined) return `not readable${why}`
  if (state === 'missing' || digest === undefined)
    return `missing${aliases?.md5 ? ` (md5 ${aliases.md5.slice(0, 6)})` : ''}${why}`
  const size = [files !== undefined && plural(files, 'file'), bytes !== undefined && formatBytes(bytes)].filter(Boolean)
  const note = state === 'incomplete' ? `, incomplete${reason ? `: ${reason}` : ''}` : ''
  return `${short(digest)} (${size.join(', ')}${note})`
}

/** `+3 -1 ~2 files`; `new` for a dataset the parent did not have; `changed` when the files cannot be compared. */
export function describeChange(change: DatasetChange): string {
  const { from, added, removed, modified } = change
  if (from === undefined) return 'new'
  if (added === undefined || removed === undefined || modified === undefined) return 'changed'
  const parts = [
    added && `+${formatCount(added)}`,
    removed && `-${formatCount(removed)}`,
    modified && `~${formatCount(modified)}`,
  ].filter(Boolean)
  const total = added + removed + modified
  return total === 0 ? 'changed' : `${parts.join(' ')} file${total === 1 ? '' : 's'}`
}
