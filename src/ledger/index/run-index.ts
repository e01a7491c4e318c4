import { closeSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import { diffTrees } from '../../git/objects/tree-diff.ts'
import type { Repository } from '../../git/repository.ts'
import { classifyPath } from '../../records/layout.ts'
import { parseRecord, type StoredRecord } from '../../records/record.ts'
import { validate } from '../../records/validate.ts'
import { localDir } from '../local/local-dir.ts'
import { readSettings } from '../local/settings.ts'
import { readRecords, requireBranchIn } from '../read/read.ts'
import { readBlobs } from '../read/read-blobs.ts'
import { DamagedIndex, SegmentReader } from './columns/file.ts'
import { RunIndexBuilder } from './runs/builder.ts'
import { formatIndex, type KeptIndex, openIndex } from './runs/file.ts'
import type { RunIndex } from './runs/index.ts'

const kinds = ['run', 'replay', 'remark']

export interface IndexOptions {
  /** Called with the number of records read so far, while an index is built. */
  progress?: (records: number) => void
}

/**
 * Provides an up-to-date index of all runs on the branch, built or extended as needed. It is stored in the local folder
 * and may be deleted; a damaged one is rebuilt, and `use` is called again.
 */
export async function withRunIndex<T>(
  repository: Repository,
  objects: ObjectReader,
  use: (index: RunIndex, refused: number) => Promise<T> | T,
  options: IndexOptions = {},
): Promise<T> {
  await requireBranchIn(repository, objects)
  const tip = (await objects.read(readSettings(repository).branchRef))?.oid as string
  const file = join(localDir(repository).cache, 'runs.index')
  const kept = open(file)
  try {
    const current = kept && (await extend(kept.kept, repository, objects, tip))
    if (current && current !== kept?.kept) replaceFile(file, formatIndex(current))
    if (current) return await use(current.index, current.refused)
  } catch (error) {
    if (!(error instanceof DamagedIndex)) throw error
  } finally {
    kept?.close()
  }
  const made = await make(repository, tip, options)
  replaceFile(file, formatIndex(made))
  return await use(made.index, made.refused)
}

function open(file: string): { kept: KeptIndex; close(): void } | undefined {
  let descriptor: number | undefined
  try {
    const opened = openSync(file, 'r')
    descriptor = opened
    const kept = openIndex(new SegmentReader((into, offset) => readSync(opened, into, 0, into.length, offset)))
    if (kept) return { kept, close: () => closeSync(opened) }
  } catch {
    // none yet, or not ours
  }
  if (descriptor !== undefined) closeSync(descriptor)
  return undefined
}

/** Adds what the branch has gained since. Undefined when that is unknown, or when something was removed. */
async function extend(
  kept: KeptIndex,
  repository: Repository,
  objects: ObjectReader,
  tip: string,
): Promise<KeptIndex | undefined> {
  if (kept.tip === tip) return kept
  const added = addedRecords(repository, kept.tip, tip)
  if (!added) return undefined
  const builder = new RunIndexBuilder(kept.index)
  let { refused } = kept
  for await (const { path, oid, body } of readBlobs(objects, added)) {
    const stored = readOne(path, body)
    if (stored && (await isAsItsSchemaSays(stored))) builder.add(stored, oid)
    else refused += 1
  }
  return { index: builder.finish(), tip, refused }
}

const ours = /^records\/(run|replay|remark)\//

/**
 * The records added between two states of the branch; undefined when the older one is missing here, or when anything was
 * changed, removed or added in an archive.
 */
function addedRecords(repository: Repository, from: string, to: string): { path: string; oid: string }[] | undefined {
  try {
    const changes = diffTrees(repository, from, to).filter(
      ({ path }) => ours.test(path) || path.startsWith('archives/'),
    )
    if (changes.some(({ before, path }) => before || path.startsWith('archives/'))) return undefined
    return changes.flatMap(({ path, after }) => (after ? [{ path, oid: after.oid }] : []))
  } catch {
    return undefined
  }
}

function readOne(path: string, body: Buffer | undefined): StoredRecord | undefined {
  const file = classifyPath(path)
  try {
    return file?.kind === 'record' && body ? parseRecord(body, file.id) : undefined
  } catch {
    return undefined
  }
}

async function isAsItsSchemaSays({ record }: StoredRecord): Promise<boolean> {
  return (await validate(record.kind, record.version, record)).length === 0
}

async function make(repository: Repository, tip: string, { progress }: IndexOptions): Promise<KeptIndex> {
  const builder = new RunIndexBuilder()
  let [read, refused] = [0, 0]
  for await (const outcome of readRecords(repository, kinds)) {
    read += 1
    progress?.(read)
    if ('stored' in outcome && (await isAsItsSchemaSays(outcome.stored))) builder.add(outcome.stored, outcome.entry.oid)
    else refused += 1
  }
  return { index: builder.finish(), tip, refused }
}
