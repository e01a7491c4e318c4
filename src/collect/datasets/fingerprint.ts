import type { DatasetDeclaration } from '../../config/config.ts'
import type { Dataset } from '../../generated/types.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import type { Budget, Progress } from './budget.ts'
import type { PrefetchedStatus } from './prefetched-status.ts'

export interface FingerprintInput {
  /** Without a work tree (bare), only what the commit proves can be told. */
  repository: Repository
  objects: ObjectReader
  commit: { oid: string }
  datasets: readonly DatasetDeclaration[]
  /** Where what is known is kept from one call to the next; may be deleted at any time. */
  cacheDir: string
  /** Claim only what the commit's tree proves. */
  late: boolean
  /** ms since the epoch; Infinity for no budget. */
  deadline: number
  /** Nanoseconds. Files changed later are told apart. */
  committedAt?: bigint
  signal?: AbortSignal
  status?: PrefetchedStatus
  /** At most every 100 ms. */
  onProgress?(dataset: string, progress: Progress): void
}

/** A dataset as a capture records it, and its manifest when it has one. */
export interface Fingerprint {
  dataset: Dataset
  manifest?: Buffer
}

/** The part of the budget that one dataset sees. */
export function budgetOf(input: FingerprintInput, dataset: string): Budget {
  const { deadline, signal } = input
  return { deadline, signal, onProgress: input.onProgress && ((progress) => input.onProgress?.(dataset, progress)) }
}
