import { short } from '../base/digest.ts'
import { formatBytes, formatCount, plural } from '../base/quantity.ts'
import type { Dataset, DatasetChange } from '../generated/types.ts'

export type { Dataset, DatasetChange }

/** A dataset in a few words: `3d1e0a (1,204 files, 1.2 GB)`. */
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
