import type { BigIntStats } from 'node:fs'
import { StatCache } from './stat-cache.ts'
import { type FileState, stateOf, type Visitor, type WalkProblem } from './walk.ts'

/** A regular file that was met. `path` is a byte string below the dataset's base. */
export interface FoundFile {
  path: string
  stat: FileState
  /** Where it is read, a byte string, when that is not below the base. */
  at?: string
}

export interface ScanRules {
  cacheFile: string
  /** Which paths belong; all when left out. */
  matches?: ((path: string) => boolean) | undefined
  /** Nanoseconds: what changed later is told apart. */
  committedAt?: bigint | undefined
  keepOn?: (() => boolean) | undefined
}

/**
 * What a walk finds, joined with the stat cache on the way: of a file that looks as it did, nothing is kept but its
 * place in the cache (keeping 100,000 stats costs more than making them).
 */
export class Scan implements Visitor {
  files = 0
  bytes = 0
  /** Files the cache does not know. */
  readonly unknown: FoundFile[] = []
  readonly problems: WalkProblem[] = []
  /** Files, and folders with a slash at their end, that changed after the commit. */
  readonly changed: string[] = []
  readonly cache: StatCache
  readonly #rules: ScanRules

  constructor(rules: ScanRules) {
    this.#rules = rules
    this.cache = new StatCache(rules.cacheFile)
  }

  file(path: string, stat: BigIntStats): void {
    if (this.#rules.matches?.(path) !== false) this.add({ path, stat })
  }

  /** Files come in byte order of their paths. */
  add({ path, stat, at }: FoundFile): void {
    this.files += 1
    this.bytes += Number(stat.size)
    if (this.#isLater(stat.ctimeNs)) this.changed.push(path)
    if (!this.cache.find(path, stat)) this.unknown.push({ path, stat: stateOf(stat), ...(at !== undefined && { at }) })
  }

  folder(path: string, stat: BigIntStats): void {
    if (this.#isLater(stat.ctimeNs)) this.changed.push(path)
  }

  problem(path: string, reason: string, whole: boolean): void {
    if (whole || this.#rules.matches?.(path) !== false) this.problems.push({ path, reason })
  }

  keepOn(): boolean {
    return this.#rules.keepOn?.() !== false
  }

  #isLater(time: bigint): boolean {
    return this.#rules.committedAt !== undefined && time > this.#rules.committedAt
  }
}
