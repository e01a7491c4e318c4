import type { Capture } from '../../generated/types.ts'

/** What every line of a note has: of which kind its record is, its id, when it was written. */
export interface Line {
  kind: string
  id: string
  time: string
}

/** A dataset as a note shows it. */
export interface NoteDataset {
  digest?: string
  files?: number
  bytes?: number
  /** Only when the state is not `complete`. */
  state?: 'incomplete' | 'pending' | 'missing'
  /** Only some may read of it. */
  reason?: 'restricted'
}

/** What a commit's note says of its capture, which nearly every command asks for. */
export interface CaptureNote {
  kind: 'capture'
  id: string
  time: string
  environment?: string
  /**
   * Digests of its two halves. They cost less than nothing: git keeps a note as a delta only if that is less than
   * half as long, and the lines of two commits share these.
   */
  host?: string
  software?: string
  datasets?: Record<string, NoteDataset>
  changed?: NonNullable<Capture['changed']>
  late?: true
}

/** The capture a commit's lines speak of now: the last one, since a later one supersedes an earlier. */
export function latestCapture(lines: readonly Line[]): CaptureNote | undefined {
  let latest: CaptureNote | undefined
  for (const line of lines) {
    if (line.kind === 'capture' && (!latest || line.time >= latest.time)) latest = line as CaptureNote
  }
  return latest
}

/** True while a dataset of the capture is still to be fingerprinted. */
export function isPending(line: CaptureNote): boolean {
  return Object.values(line.datasets ?? {}).some((dataset) => dataset.state === 'pending')
}
