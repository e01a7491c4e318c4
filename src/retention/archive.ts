import { digestOf } from '../base/digest.ts'
import { plural } from '../base/quantity.ts'
import { heldBy } from '../config/retention.ts'
import type { Context } from '../context.ts'
import type { PolicyHold } from '../generated/types.ts'
import { readRecords } from '../ledger/read/read.ts'
import type { Door } from '../recording/door.ts'
import { makeHeldRecord } from '../recording/hold-record.ts'
import { replaceOnLedger } from '../recording/replace.ts'
import { type ArchivedFile, formatArchive, packArchives } from '../records/branch/archive-file.ts'
import { removingKinds } from '../records/branch/removal.ts'
import { archivePath, recordPath } from '../records/layout.ts'
import type { Archive, StoredRecord } from '../records/record.ts'

/** Records that may be archived, and how many a legal hold keeps. */
interface Old {
  files: ArchivedFile[]
  held: number
}

/** What `git prov archive --json` prints. */
export interface Folded {
  /** RFC 3339, UTC. */
  before: string
  /** Records. */
  archived: number
  /** Of the archives together. */
  bytes: number
  /** Records that a legal hold keeps. */
  held: number
  /** Ids of the archive records. */
  archives: string[]
}

export interface ArchiveRequest {
  before: Date
  door: Door
  holds: readonly PolicyHold[]
  /** Change nothing. */
  dryRun: boolean
  reason: string | undefined
  /** Called with the number of records so far; with -1 at the end. */
  progress(done: number): void
}

/** Packs records older than a given time into archive files and removes the single files, in one commit on the branch. */
export async function archiveOld(context: Context, request: ArchiveRequest): Promise<Folded> {
  const { before, door, dryRun, progress } = request
  let folded: Folded = { before: before.toISOString(), archived: 0, bytes: 0, held: 0, archives: [] }
  const plan = async (tip: string) => {
    const old = await collectOld(context, request)
    const made = await Promise.all(packArchives(old.files).map((pack) => archiveOf(pack, old.held, request)))
    folded = {
      before: before.toISOString(),
      archived: old.files.length,
      bytes: made.reduce((sum, { bytes }) => sum + bytes.length, 0),
      held: old.held,
      archives: made.map(({ record }) => record.id),
    }
    if (made.length === 0 || dryRun) return undefined
    const files = made.flatMap(({ bytes, record: { id, text, record } }): [string, Buffer][] => [
      [archivePath(record.archive), bytes],
      [recordPath('archive', record.time, id), Buffer.from(text)],
    ])
    const removed = old.files.map(({ path }) => path)
    return { parent: tip, message: `archive ${plural(removed.length, 'record')}\n`, files: new Map(files), removed }
  }
  await replaceOnLedger(door, plan).finally(() => progress(-1))
  return folded
}

async function collectOld(context: Context, { before, holds, progress }: ArchiveRequest): Promise<Old> {
  const old: Old = { files: [], held: 0 }
  const limit = before.toISOString()
  for await (const outcome of readRecords(context.repository())) {
    // A record already in an archive has the archive's blob.
    if (!('stored' in outcome) || outcome.archived) continue
    const { id, text, record } = outcome.stored
    if (record.time >= limit || removingKinds.some((kind) => kind === record.kind)) continue
    if (heldBy(holds, { id, kind: record.kind, time: record.time })) old.held += 1
    else old.files.push({ path: outcome.entry.path, bytes: Buffer.from(text) })
    if (old.files.length % 500 === 0) progress(old.files.length)
  }
  return old
}

async function archiveOf(
  pack: readonly ArchivedFile[],
  held: number,
  { before, door, reason }: ArchiveRequest,
): Promise<{ bytes: Buffer; record: StoredRecord<Archive> }> {
  const bytes = formatArchive(pack)
  const fields = {
    archive: digestOf(bytes),
    removes: pack.map(({ path }) => path) as Archive['removes'],
    before: before.toISOString(),
    ...(held > 0 && { held }),
    ...(reason && { reason }),
  }
  return { bytes, record: await makeHeldRecord<Archive>(door, { kind: 'archive', fields }) }
}
