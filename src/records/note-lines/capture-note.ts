import type { Capture } from '../../generated/types.ts'

/** What every line of a note has: the kind, id and time of its record. This folder has what all kinds of lines share. */
export interface Line {
  kind: string
  id: string
  time: string
}

/** A dataset in a note line. */
export interface NoteDataset {
  digest?: string
  files?: number
  bytes?: number
  /** Only when the state is not `complete`. */
  state?: 'incomplete' | 'pending' | 'missing'
  /** It is restricted. */
  reason?: 'restricted'
}

/** The note line of a capture, which nearly every command reads. */
export interface CaptureNote {
  kind: 'capture'
  id: string
  time: string
  environment?: string
  /**
   * Digests of its two halves. They save space: git keeps a note as a delta only if that is less than
   * half as long, and the lines of two commits share these.
   */
  host?: string
  software?: string
  datasets?: Record<string, NoteDataset>
  changed?: NonNullable<Capture['changed']>
  late?: true
}

/** A commit's current capture: the last one, since a later one supersedes an earlier. */
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
