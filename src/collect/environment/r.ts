import type { Collector } from './collector.ts'
import { byLockFile } from './lock-file.ts'

interface RenvLock {
  R?: { Version?: unknown }
  Packages?: Record<string, { Version?: unknown } | null>
}

/** R by renv's lock file (renv.lock, JSON): the version of R and every package. */
export const r: Collector = byLockFile(
  'r',
  'renv.lock',
  (text) => {
    const { R, Packages = {} } = JSON.parse(text) as RenvLock
    return { version: R?.Version, packages: Object.entries(Packages).map(([name, entry]) => [name, entry?.Version]) }
  },
  'no renv.lock that can be read',
)
