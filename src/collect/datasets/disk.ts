import { join } from 'node:path'
import { hashFile } from './hash-file.ts'
import { type CachedFile, fileSystemNow, StatCache, writeStatCache } from './stat-cache.ts'
import type { FoundFile, Walk, WalkProblem } from './walk.ts'

/** How far a fingerprint has come. Files and bytes are of the files that had to be read. */
export interface Progress {
  files: number
  totalFiles: number
  bytes: number
  totalBytes: number
}

export interface DiskRequest {
  /** Absolute, a byte string. */
  folder: string
  walk: Walk
  cacheFile: string
  /** ms since the epoch. */
  deadline: number
  signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
}

export interface DiskFiles {
  files: CachedFile[]
  problems: WalkProblem[]
  /** What was not read before the deadline; undefined when all was. */
  unread?: { files: number; bytes: number }
}

/** How long to work before letting signals and timers in, ms. */
const slice = 100

/** The digest of every file of a walk: from the stat cache where it looks the same, else by reading it. */
export async function digestFiles(request: DiskRequest): Promise<DiskFiles> {
  const stamp = fileSystemNow(request.cacheFile)
  const { known, unknown } = split(request)
  const result: DiskFiles = { files: known, problems: [...request.walk.problems] }
  if (unknown.length === 0) return result
  const hashed = await hashAll(request, unknown, result)
  result.files = merge(known, hashed)
  writeStatCache(request.cacheFile, result.files, stamp)
  return result
}

function split({ walk, cacheFile }: DiskRequest): { known: CachedFile[]; unknown: FoundFile[] } {
  const cache = new StatCache(cacheFile)
  const known: CachedFile[] = []
  const unknown: FoundFile[] = []
  for (const file of walk.files) {
    const digest = cache.find(file)
    if (digest) known.push({ path: file.path, stat: file.stat, digest })
    else unknown.push(file)
  }
  return { known, unknown }
}

async function hashAll(request: DiskRequest, files: readonly FoundFile[], result: DiskFiles): Promise<CachedFile[]> {
  const progress = { files: 0, totalFiles: files.length, bytes: 0, totalBytes: sum(files) }
  const hashed: CachedFile[] = []
  let sliceEnd = Date.now() + slice
  const pause = async () => {
    request.onProgress?.(progress)
    await new Promise((resolve) => setImmediate(resolve))
    sliceEnd = Date.now() + slice
    return !isOver(request)
  }
  const keepOn = (bytes: number) => {
    progress.bytes += bytes
    return Date.now() < sliceEnd || pause()
  }
  for (const [index, file] of files.entries()) {
    const before = progress.bytes
    const outcome =
      (Date.now() < sliceEnd || (await pause())) && (await hashFile(join(request.folder, file.path), file.stat, keepOn))
    if (!outcome || 'late' in outcome) {
      result.unread = { files: files.length - index, bytes: sum(files.slice(index)) }
      break
    }
    if ('digest' in outcome) hashed.push({ ...file, digest: outcome.digest })
    else result.problems.push({ path: file.path, reason: outcome.reason })
    progress.files += 1
    progress.bytes = before + Number(file.stat.size)
  }
  return hashed
}

const isOver = ({ deadline, signal }: DiskRequest) => Date.now() >= deadline || signal?.aborted === true

function sum(files: readonly FoundFile[]): number {
  return files.reduce((total, file) => total + Number(file.stat.size), 0)
}

function merge(a: readonly CachedFile[], b: readonly CachedFile[]): CachedFile[] {
  if (a.length === 0) return [...b]
  return [...a, ...b].sort((x, y) => (x.path < y.path ? -1 : 1))
}
