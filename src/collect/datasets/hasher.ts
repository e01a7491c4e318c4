import { type Budget, isOver, type Progress } from './budget.ts'
import { type Hashed, hashFile } from './hash-file.ts'
import { HashPool } from './hash-pool.ts'
import type { FoundFile, Scan } from './scan.ts'
import { type CachedFile, wordsOf } from './stat-cache.ts'
import type { FileState } from './walk.ts'

/** How long to work before letting signals and timers in, ms. */
const slice = 100

/** Reads the files of a scan that the stat cache does not know: here, and in workers when that pays. */
export class Hasher {
  readonly #scan: Scan
  readonly #folder: string
  readonly #budget: Budget
  readonly #progress: Progress
  /** What came of each file this thread read itself. */
  readonly #outcomes: (Hashed | undefined)[] = []
  #pool: HashPool | undefined
  #next = 0
  #files = 0
  #bytes = 0
  #sliceEnd: number
  #told = Date.now()

  constructor(scan: Scan, folder: string, budget: Budget) {
    this.#scan = scan
    this.#folder = folder
    this.#budget = budget
    const { unknown } = scan
    this.#progress = { files: 0, totalFiles: unknown.length, bytes: 0, totalBytes: sum(unknown) }
    this.#sliceEnd = isOver(budget) ? 0 : Date.now() + slice
  }

  /** False when the time was over first. */
  async run(): Promise<boolean> {
    const { unknown } = this.#scan
    if (this.#sliceEnd > 0 && HashPool.isWorthIt(unknown, this.#progress.totalBytes)) {
      this.#pool = new HashPool(this.#folder, unknown)
      await this.#pool.start()
    }
    const done = await this.#readAll(() => this.#take())
    if (!done) await this.#pool?.stop()
    if (!done || !this.#pool) return done
    if (!(await this.#pool.finish(() => this.#pause()))) return false
    // What a worker could not read is read here, where there are words for why.
    const left = [...unknown.keys()].filter((index) => !this.#outcomes[index] && !this.#pool?.digest(index)).reverse()
    return await this.#readAll(() => left.pop())
  }

  /** The files that were read. Those that cannot be are named in the scan. */
  collect(settled: (stat: FileState) => boolean): { hashed: CachedFile[]; unread: { files: number; bytes: number } } {
    const hashed: CachedFile[] = []
    const unread = { files: 0, bytes: 0 }
    for (const [index, file] of this.#scan.unknown.entries()) {
      const outcome = this.#outcomes[index] ?? this.#fromPool(index, file)
      if (outcome && 'digest' in outcome) {
        const { digest, stat } = outcome
        hashed.push({ path: file.path, digest, words: wordsOf(stat), settled: settled(stat) })
        this.#scan.bytes += Number(stat.size - file.stat.size)
      } else if (outcome && 'reason' in outcome) {
        this.#scan.problems.push({ path: file.path, reason: outcome.reason })
        this.#scan.bytes -= Number(file.stat.size)
      } else {
        unread.files += 1
        unread.bytes += Number(file.stat.size)
      }
    }
    return { hashed, unread }
  }

  #fromPool(index: number, { stat }: FoundFile): Hashed | undefined {
    const digest = this.#pool?.digest(index)
    return digest === undefined ? undefined : { digest, stat }
  }

  #take(): number | undefined {
    if (this.#pool) return this.#pool.take()
    return this.#next < this.#scan.unknown.length ? this.#next++ : undefined
  }

  async #readAll(take: () => number | undefined): Promise<boolean> {
    for (let index = take(); index !== undefined; index = take()) {
      if (Date.now() >= this.#sliceEnd && !(await this.#pause())) return false
      const file = this.#scan.unknown[index] as FoundFile
      const before = this.#bytes
      const reading = hashFile(file.at ?? `${this.#folder}/${file.path}`, file.stat, this.#keepOn)
      const outcome = reading instanceof Promise ? await reading : reading
      if ('late' in outcome) return false
      this.#outcomes[index] = outcome
      this.#files += 1
      this.#bytes = before + Number(file.stat.size)
    }
    return true
  }

  readonly #keepOn = (bytes: number): boolean | Promise<boolean> => {
    this.#bytes += bytes
    return Date.now() < this.#sliceEnd || this.#pause()
  }

  async #pause(): Promise<boolean> {
    this.#tell()
    await new Promise((resolve) => setImmediate(resolve))
    this.#sliceEnd = Date.now() + slice
    return !isOver(this.#budget)
  }

  #tell(): void {
    const { onProgress } = this.#budget
    if (!onProgress || Date.now() - this.#told < slice) return
    this.#told = Date.now()
    const progress = this.#progress
    progress.bytes = Math.min(progress.totalBytes, this.#bytes + (this.#pool?.bytes ?? 0))
    progress.files = this.#files + (this.#pool?.files ?? 0)
    onProgress(progress)
  }
}

function sum(files: readonly FoundFile[]): number {
  return files.reduce((total, file) => total + Number(file.stat.size), 0)
}
