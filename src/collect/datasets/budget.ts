/** How far a fingerprint has come. Files and bytes are of the files that had to be read. */
export interface Progress {
  files: number
  totalFiles: number
  bytes: number
  totalBytes: number
}

/** How long a fingerprint may take, and whom it tells. */
export interface Budget {
  /** ms since the epoch. */
  deadline: number
  signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
}

/** Whether the time is over or the caller gave up. */
export const isOver = ({ deadline, signal }: Budget) => Date.now() >= deadline || signal?.aborted === true
