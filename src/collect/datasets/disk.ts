import type { Budget } from './budget.ts'
import { Hasher } from './hasher.ts'
import { Listing } from './listing.ts'
import type { Scan } from './scan.ts'
import { isSettled, scanTime } from './scan-time.ts'
import { type CachedFile, writeStatCache } from './stat-cache.ts'

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
  const hasher = new Hasher(scan, folder, budget)
  const done = await hasher.run()
  const { hashed, unread } = hasher.collect((stat) => isSettled(stat, time))
  const files = merge(cache.found(), hashed)
  writeStatCache(cacheFile, files)
  return done ? new Listing(files, files.length, scan.bytes) : { unread }
}

/** Two lists in byte order as one. */
function merge(a: CachedFile[], b: CachedFile[]): CachedFile[] {
  if (a.length === 0) return b
  return [...a, ...b].sort((x, y) => (x.path < y.path ? -1 : 1))
}
