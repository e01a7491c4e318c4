import { readdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, ProvError } from '../../base/errors.ts'
import { writeDurably } from '../../base/files.ts'
import { environmentPath, manifestPath, recordPath, seriesPath } from '../../records/layout.ts'
import { formatNoteLine, noteLines } from '../../records/note.ts'
import type { StoredRecord } from '../../records/record.ts'
import { ensureDir, type LocalDir } from '../local/local-dir.ts'

/** What is added to the ledger together: a record and the files that come with it. */
export interface Entry {
  record: StoredRecord
  /** Records with the encrypted parts of it. */
  sidecars?: readonly StoredRecord[]
  /** Environment file text by digest. */
  environments?: Record<string, string>
  /** Manifest bytes by digest. */
  manifests?: Record<string, Buffer>
  /** Series file text by digest. */
  series?: Record<string, string>
  /** Skip the record when its commit already has a finished capture: several processes may notice one commit at once. */
  unlessCaptured?: boolean
}

/** An entry as spooled: paths and content, ready for the branch. */
export interface SpoolItem {
  /** Subject line of the commit on the branch. */
  subject: string
  /** Branch path to content; base64 for anything that is not text. */
  files: Record<string, { text: string } | { base64: string }>
  /** The path of the record itself, among `files`. */
  recordPath: string
  /** Commit to note line. */
  notes: Record<string, string>
  unlessCaptured: boolean
}

/** Converts an entry to what is written to the branch. */
export function toItem(entry: Entry): SpoolItem {
  const { record, id, text } = entry.record
  const path = recordPath(record.kind, record.time, id)
  const files: SpoolItem['files'] = { [path]: { text } }
  for (const { record: extra, id, text } of entry.sidecars ?? [])
    files[recordPath(extra.kind, extra.time, id)] = { text }
  for (const [digest, content] of Object.entries(entry.environments ?? {}))
    files[environmentPath(digest)] = { text: content }
  for (const [digest, bytes] of Object.entries(entry.manifests ?? {}))
    files[manifestPath(digest)] = { base64: bytes.toString('base64') }
  for (const [digest, content] of Object.entries(entry.series ?? {})) files[seriesPath(digest)] = { text: content }
  return {
    subject: `${record.kind} ${(record.about?.commit ?? id).slice(0, 10)}`,
    files,
    recordPath: path,
    notes: Object.fromEntries([...noteLines(entry.record)].map(([commit, line]) => [commit, formatNoteLine(line)])),
    unlessCaptured: entry.unlessCaptured ?? false,
  }
}

let counter = 0

/** Writes entries to the spool as one file, atomically and synced to disk, before anything else happens to them. */
export function writeSpool(local: LocalDir, entries: readonly Entry[]): string {
  ensureDir(local.spool)
  counter += 1
  const name = `${Date.now().toString(36).padStart(9, '0')}-${process.pid}-${counter}`
  const path = join(local.spool, `${name}.json`)
  try {
    writeDurably(path, JSON.stringify(entries.map(toItem)))
  } catch (error) {
    throw new ProvError('io', `cannot write to ${local.spool}: ${messageOf(error)}`, {
      cause: error,
      hint: 'free some space, then: git prov capture',
    })
  }
  return path
}

/** The files waiting in the spool, oldest first. */
export function listSpool(local: LocalDir): string[] {
  try {
    const names = readdirSync(local.spool).filter((name) => name.endsWith('.json'))
    return names.sort().map((name) => join(local.spool, name))
  } catch {
    return []
  }
}

/** Age in ms after which the writer of a spool file is no longer about to fold it. */
const abandonedAfter = 10_000

/** The spool files left for the next command; a running `git prov run` has its plan in the spool only for a second. */
export function listLeft(local: LocalDir): string[] {
  return listSpool(local).filter((path) => {
    const stat = statSync(path, { throwIfNoEntry: false })
    return stat !== undefined && Date.now() - stat.mtimeMs > abandonedAfter
  })
}

/**
 * The items of one spool file; undefined when another process has folded it meanwhile. A damaged file is renamed to
 * `.damaged`, so that it blocks nothing and loses nothing; doctor reports it.
 */
export function readSpool(path: string): SpoolItem[] | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new ProvError('io', `cannot read ${path}: ${messageOf(error)}`, { cause: error })
  }
  const items = parseItems(text)
  if (!items) renameSync(path, `${path}.damaged`)
  return items
}

function parseItems(text: string): SpoolItem[] | undefined {
  try {
    const items = JSON.parse(text) as SpoolItem[]
    const whole = items.every(
      (item) => typeof item.recordPath === 'string' && isObject(item.files) && isObject(item.notes),
    )
    return whole ? items : undefined
  } catch {
    return undefined
  }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null
