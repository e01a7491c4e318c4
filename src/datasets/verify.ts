import { short } from '../base/digest.ts'
import { ProvError } from '../base/errors.ts'
import { plural } from '../base/quantity.ts'
import type { Context } from '../context.ts'
import { type Dataset, describeDataset } from '../records/dataset.ts'
import type { NoteDataset } from '../records/note-lines/capture-note.ts'
import { fingerprintNow } from './fingerprint-now.ts'
import { readDatasets } from './recorded.ts'

/** A dataset in HEAD's capture, and as it is now. */
interface Verified {
  name: string
  state: 'unrecorded' | 'same' | 'different'
  recorded: NoteDataset | undefined
  now: Dataset | undefined
}

/**
 * Fingerprints again, reading every byte not known by its stat, and compares. Without names: all datasets. Throws
 * `usage`.
 */
export async function verifyDatasets(context: Context, names: readonly string[]): Promise<Verified[]> {
  const datasets = await readDatasets(context.repository())
  const unknown = names.find((name) => !datasets.some((dataset) => dataset.name === name))
  if (unknown) throw new ProvError('usage', `there is no dataset '${unknown}'`, { hint: 'git prov dataset list' })
  const chosen = datasets.filter(({ name }) => names.length === 0 || names.includes(name))
  const prints = await fingerprintNow(context, chosen)
  return chosen.map(({ name, recorded }) => {
    const now = prints[name]?.dataset
    return { name, state: compare(recorded?.digest, now), recorded, now }
  })
}

function compare(digest: string | undefined, now: Dataset | undefined): Verified['state'] {
  if (!digest) return 'unrecorded'
  return now?.digest === digest && !now.uncommitted ? 'same' : 'different'
}

/** The `--json` form. */
export function verifiedView({ name, state, recorded, now }: Verified) {
  return { name, state, recorded: recorded?.digest ?? null, now: now ?? null }
}

export function renderVerified({ name, recorded, now }: Verified): string {
  const was = recorded?.digest
  if (!now || !recorded) return `${name}  not recorded at HEAD; git prov capture`
  if (!was) return `${name}  ${recorded.state ?? 'not known'} at HEAD; now ${describeDataset(now)}`
  if (now.uncommitted)
    return `${name}  differs: ${plural(now.uncommitted.count, 'uncommitted change')} beside ${short(was)}`
  return now.digest === was
    ? `${name}  ${short(was)} as recorded`
    : `${name}  differs: ${describeDataset(now)}, recorded ${short(was)}`
}
