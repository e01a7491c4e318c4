import { digestOf } from '../../base/digest.ts'
import { ProvError } from '../../base/errors.ts'
import { introducedBy, rewriteWithout } from '../../git/history/rewrite-history.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import { moveRefs } from '../../git/refs/refs.ts'
import type { Repository } from '../../git/repository.ts'
import { formatArchive } from '../../records/branch/archive-file.ts'
import { mayGo } from '../../records/branch/removal.ts'
import { archivePath, classifyPath, recordPath } from '../../records/layout.ts'
import { parseRecord, type Redaction, type StoredRecord } from '../../records/record.ts'
import { localDir } from '../local/local-dir.ts'
import { readSettings } from '../local/settings.ts'
import { rebuildNotes } from '../notes/rebuild-notes.ts'
import { clearNotesStale, markNotesStale } from '../notes/stale-notes.ts'
import { listArchives, openArchive, pathsIn, readBranchFile } from '../read/archives.ts'
import { findFiles } from '../read/read.ts'
import { type Replacement, type ReplaceOptions, replaceFiles } from './replace-files.ts'

/** A file that is to go, as the branch has it. */
export interface Target {
  path: string
  bytes: Buffer
  /** Set when it is a record that can be read. */
  stored?: StoredRecord
}

/** The one file a word names: the path of a file on the branch, or the beginning of an id or digest. Throws `unknown-revision`, `ambiguous`, `usage`. */
export async function findTarget(repository: Repository, objects: ObjectReader, word: string): Promise<Target> {
  const paths = await findFiles(repository, word)
  const [path] = paths
  if (path === undefined)
    throw new ProvError('unknown-revision', `'${word}' is not a record, environment, manifest or series here`, {
      hint: 'git prov log, then git prov show <commit>, for an id',
    })
  if (paths.length > 1)
    throw new ProvError('ambiguous', `${word} names ${paths.length} files`, {
      hint: `type more digits: ${paths.slice(0, 4).join(' ')}`,
    })
  if (!mayGo(path))
    throw new ProvError('usage', `${path} records why other files were removed, and cannot be removed`, {
      hint: 'git prov help redact',
    })
  const bytes = await readBranchFile(repository, objects, readSettings(repository).branchRef, path)
  if (!bytes) throw new ProvError('record', `${path} is not in this clone`, { hint: 'git fetch' })
  const file = classifyPath(path)
  return { path, bytes, ...(file?.kind === 'record' && storedIn(bytes, file.id)) }
}

function storedIn(bytes: Buffer, id: string): { stored: StoredRecord } | undefined {
  try {
    return { stored: parseRecord(bytes, id) }
  } catch {
    return undefined
  }
}

export interface RedactRequest {
  target: Target
  /** What stands in its place. */
  copy?: StoredRecord
  /** Makes the record that tells of it. */
  make: (parts: Tombstone) => Promise<StoredRecord<Redaction>>
}

/** What a redaction says: all but who, when and why. */
interface Tombstone {
  about: Redaction['about']
  fields: Pick<Redaction, 'removes' | 'files' | 'rewriting'>
  links: Redaction['links']
}

/**
 * Takes a file out of the branch and of every commit of its history, and leaves a tombstone that tells how history was
 * rewritten. Branch and notes: first the branch moves, in one step, then the notes are made anew without a past.
 */
export async function redactFile(
  repository: Repository,
  request: RedactRequest,
  options: ReplaceOptions,
): Promise<StoredRecord<Redaction>> {
  let made: StoredRecord<Redaction> | undefined
  const plan = async (tip: string, objects: ObjectReader): Promise<Replacement> => {
    const { branchRef } = readSettings(repository)
    const archives = await archivesWithout(repository, objects, tip, request.target.path)
    const removes = [request.target.path, ...archives.gone.map(({ path }) => path)]
    const introduced = introducedBy(repository, tip, removes)
    const to = rewriteWithout(repository, branchRef, removes, introduced)
    made = await tombstone(request, archives.gone, { from: tip, to, introducedBy: introduced as [string] })
    const files = new Map<string, Uint8Array>(archives.made)
    for (const { id, text, record } of [made, ...(request.copy ? [request.copy] : [])])
      files.set(recordPath(record.kind, record.time, id), Buffer.from(text))
    return { parent: to, message: 'redaction\n', files, removed: [] }
  }
  const local = localDir(repository)
  markNotesStale(local)
  await replaceFiles(repository, plan, options)
  await forgetNotes(repository)
  clearNotesStale(local)
  return made as StoredRecord<Redaction>
}

/** The notes are an index: made from nothing, so that no earlier state of them holds what went. */
async function forgetNotes(repository: Repository): Promise<void> {
  const { notesRef } = readSettings(repository)
  const objects = new ObjectReader(repository)
  try {
    const notes = await objects.read(notesRef)
    if (notes) await moveRefs(repository, [{ ref: notesRef, to: undefined, from: notes.oid }])
    await rebuildNotes(repository, notes?.oid)
  } finally {
    objects.close()
  }
}

/** Archives that hold a path, made again without it. */
async function archivesWithout(repository: Repository, objects: ObjectReader, tip: string, path: string) {
  const gone: { path: string; bytes: number }[] = []
  const made: [string, Buffer][] = []
  for (const archive of await listArchives(objects, tip)) {
    if (!(await pathsIn(repository, objects, archive)).includes(path)) continue
    const { index, bytesOf } = await openArchive(objects, archive)
    const rest = [...index.files.keys()].filter((one) => one !== path)
    gone.push({ path: archive.path, bytes: Math.max(...[...index.files.values()].map(({ end }) => end)) })
    if (rest.length === 0) continue
    const bytes = formatArchive(rest.map((one) => ({ path: one, bytes: bytesOf(one) as Buffer })))
    made.push([archivePath(digestOf(bytes)), bytes])
  }
  return { gone, made }
}

function tombstone(
  { target, copy, make }: RedactRequest,
  archives: readonly { path: string; bytes: number }[],
  rewriting: NonNullable<Redaction['rewriting']>,
): Promise<StoredRecord<Redaction>> {
  const about = target.stored?.record.about
  const gone = { path: target.path, bytes: target.bytes.length, ...(copy && { replacedBy: copy.id }) }
  const files = [gone, ...archives]
  return make({
    about,
    fields: {
      removes: files.map(({ path }) => path) as Redaction['removes'],
      files: files as Redaction['files'],
      rewriting,
    },
    links: copy ? [{ rel: 'wasInformedBy', to: `record:${copy.id}` }] : [],
  })
}
