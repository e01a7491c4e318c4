import type { CaptureNote, NoteDataset } from '../note-lines/capture-note.ts'
import type { KindNote } from '../note-lines/kind-note.ts'
import { isDigest, isPlain } from '../note-lines/line-checks.ts'
import type { Capture } from '../record.ts'

export const capture: KindNote<Capture, CaptureNote> = {
  /** Members in the order they are written: sorting them would slow down a rebuild. */
  line({ environment, datasets, changed, late, time }, id) {
    const known = 'digest' in environment ? environment : undefined
    const line: Partial<CaptureNote> = {}
    if (changed) line.changed = changed
    const names = Object.keys(datasets)
    if (names.length > 0) line.datasets = pickAll(datasets, names)
    if (known) Object.assign(line, { environment: known.digest, host: known.host })
    line.id = id
    line.kind = 'capture'
    if (late) line.late = true
    if (known) line.software = known.software
    line.time = time
    return line as CaptureNote
  },

  read({ environment, datasets, changed }) {
    if (environment !== undefined && !isDigest(environment)) return false
    if (changed !== undefined && !isPlain(changed)) return false
    if (datasets === undefined) return true
    return isPlain(datasets) && Object.values(datasets).every(isNoteDataset)
  },
}

const pickAll = (datasets: Capture['datasets'], names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, pick(datasets[name] as Capture['datasets'][string])]))

function pick({ digest, files, bytes, state, reason }: Capture['datasets'][string]): NoteDataset {
  const dataset: NoteDataset = {}
  if (bytes !== undefined) dataset.bytes = bytes
  if (digest !== undefined) dataset.digest = digest
  if (files !== undefined) dataset.files = files
  if (reason === 'restricted') dataset.reason = reason
  if (state !== 'complete') dataset.state = state
  return dataset
}

function isNoteDataset(value: NoteDataset): boolean {
  const { files, bytes, digest } = value ?? {}
  if (!isPlain(value)) return false
  const numbers = [files, bytes].every((n) => n === undefined || (Number.isSafeInteger(n) && n >= 0))
  return numbers && (digest === undefined || isDigest(digest))
}
