import { hashFile } from './hash-file.ts'
import { Listing } from './listing.ts'
import type { FoundFile, Scan } from './scan.ts'
import { isSettled, scanTime } from './scan-time.ts'
import { type CachedFile, wordsOf, writeStatCache } from './stat-cache.ts'
import type { FileState } from './walk.ts'

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

/** How long to work before letting signals and timers in, ms. */
const slice = 100

/** Whether the time is over or the caller gave up. */
export const isOver = ({ deadline, signal }: Budget) => Date.now() >= deadline || signal?.aborted === true

/**
 * The files of a scan with their digests: from the stat cache where they look the same, else by reading them below
 * `folder`. Files that cannot be read are added to the scan's problems. When the time is over, what is left to read;
 * what was read by then is kept.
 */
export async function digestFiles(
  scan: Scan,
  folder: string,
  cacheFile: string,
  budget: Budget,
): Promise<Listing | { unread: { files: number; bytes: number } }> {
  const { unknown, cache } = scan
  if (unknown.length === 0) return new Listing(cache.manifest ?? cache.found(), scan.files, scan.bytes)
  const time = scanTime(cacheFile)
  const hasher = new Hasher(scan, folder, budget, (stat) => isSettled(stat, time))
  const done = await hasher.run()
  const files = merge(cache.found(), hasher.hashed)
  writeStatCache(cacheFile, files)
  return done ? new Listing(files, files.length, scan.bytes) : { unread: hasher.left }
}

class Hasher {
  readonly hashed: CachedFile[] = []
  readonly #scan: Scan
  readonly #folder: string
  readonly #budget: Budget
  readonly #settled: (stat: FileState) => boolean
  readonly #progress: Progress
  #sliceEnd: number

  constructor(scan: Scan, folder: string, budget: Budget, settled: (stat: FileState) => boolean) {
    this.#scan = scan
    this.#folder = folder
    this.#budget = budget
    this.#settled = settled
    const { unknown } = scan
    this.#progress = { files: 0, totalFiles: unknown.length, bytes: 0, totalBytes: sum(unknown) }
    this.#sliceEnd = isOver(budget) ? 0 : Date.now() + slice
  }

  get left(): { files: number; bytes: number } {
    const unread = this.#scan.unknown.slice(this.#progress.files)
    return { files: unread.length, bytes: sum(unread) }
  }

  /** False when the time was over first. */
  async run(): Promise<boolean> {
    for (const file of this.#scan.unknown) {
      if (Date.now() >= this.#sliceEnd && !(await this.#pause())) return false
      const before = this.#progress.bytes
      const outcome = await hashFile(file.at ?? `${this.#folder}/${file.path}`, file.stat, this.#keepOn)
      if ('late' in outcome) return false
      if ('digest' in outcome) this.#add(file, outcome.digest, outcome.stat)
      else this.#lose(file, outcome.reason)
      this.#progress.files += 1
      this.#progress.bytes = before + Number(file.stat.size)
    }
    return true
  }

  #add(file: FoundFile, digest: string, stat: FileState): void {
    this.#scan.bytes += Number(stat.size - file.stat.size)
    this.hashed.push({ path: file.path, digest, words: wordsOf(stat), settled: this.#settled(stat) })
  }

  #lose(file: FoundFile, reason: string): void {
    this.#scan.bytes -= Number(file.stat.size)
    this.#scan.problems.push({ path: file.path, reason })
  }

  readonly #keepOn = (bytes: number): boolean | Promise<boolean> => {
    this.#progress.bytes += bytes
    return Date.now() < this.#sliceEnd || this.#pause()
  }

  async #pause(): Promise<boolean> {
    this.#budget.onProgress?.(this.#progress)
    await new Promise((resolve) => setImmediate(resolve))
    this.#sliceEnd = Date.now() + slice
    return !isOver(this.#budget)
  }
}

function sum(files: readonly FoundFile[]): number {
  return files.reduce((total, file) => total + Number(file.stat.size), 0)
}

/** Two lists in byte order as one. */
function merge(a: CachedFile[], b: CachedFile[]): CachedFile[] {
  if (a.length === 0) return b
  return [...a, ...b].sort((x, y) => (x.path < y.path ? -1 : 1))
}
