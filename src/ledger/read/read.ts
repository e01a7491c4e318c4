import { ProvError } from '../../base/errors.ts'
import { streamBlobs } from '../../git/objects/blob-stream.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { git, streamGit, tryGit } from '../../git/run.ts'
import { classifyPath } from '../../records/layout.ts'
import { maxRecordBytes, parseRecord, type StoredRecord } from '../../records/record.ts'
import { readSettings } from '../local/settings.ts'
import { listArchives, openArchive, pathsIn } from './archives.ts'

/** A file on the branch: its path and the blob that holds it. */
export interface BranchEntry {
  path: string
  oid: string
  mode: string
  /** In bytes. */
  size: number
}

/** Every file on the branch, as git lists it. Throws `not-initialised` when there is no branch. */
export async function* listBranch(repository: Repository, under: readonly string[] = []): AsyncGenerator<BranchEntry> {
  const { branchRef } = readSettings(repository)
  requireBranch(repository, branchRef)
  yield* listTreeFiles(repository, branchRef, under)
}

/** The same of any commit or tree. */
export async function* listTreeFiles(
  repository: Repository,
  tree: string,
  under: readonly string[] = [],
): AsyncGenerator<BranchEntry> {
  const args = ['ls-tree', '-r', '-z', '--long', '--full-tree', tree, '--', ...under]
  for await (const lines of listLines(repository, args)) for (const line of lines) yield parseLine(line)
}

/** What `git ls-tree -z` prints, as it comes. */
async function* listLines(repository: Repository, args: readonly string[]): AsyncGenerator<string[]> {
  let rest = ''
  for await (const chunk of streamGit(repository, args)) {
    const lines = (rest + chunk.toString('latin1')).split('\0')
    rest = lines.pop() ?? ''
    yield lines
  }
}

/** The same without sizes, which git would look up one by one. */
async function* listFast(repository: Repository, tree: string, under: readonly string[]) {
  const args = ['ls-tree', '-r', '-z', '--full-tree', tree, '--', ...under]
  for await (const lines of listLines(repository, args)) yield lines.map(parseShort)
}

/** The files of a commit, fetching nothing. */
export function listFiles(repository: Repository, commit: string, under: readonly string[] = []) {
  const args = ['ls-tree', '-r', '-z', '--full-tree', commit, '--', ...under]
  const lines = git(repository, args).toString('latin1').split('\0').filter(Boolean)
  return lines.map(parseShort)
}

/** `<mode> SP <type> SP <object> TAB <path>`. */
function parseShort(line: string): Omit<BranchEntry, 'size'> {
  const tab = line.indexOf('\t')
  return { mode: line.slice(0, 6), oid: line.slice(line.lastIndexOf(' ', tab) + 1, tab), path: line.slice(tab + 1) }
}

function parseLine(line: string): BranchEntry {
  const [, mode, oid, size, path] = line.match(/^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s) as RegExpMatchArray
  return { mode: mode as string, oid: oid as string, size: Number(size) || 0, path: path as string }
}

export function requireBranch(repository: Repository, branchRef = readSettings(repository).branchRef): void {
  if (tryGit(repository, ['rev-parse', '--verify', '--quiet', branchRef]).status !== 0) throw noBranch(branchRef)
}

/** The same through a reader that is at work anyway. */
export async function requireBranchIn(repository: Repository, objects: ObjectReader): Promise<void> {
  const { branchRef } = readSettings(repository)
  if (!(await objects.read(branchRef))) throw noBranch(branchRef)
}

/** The same where the refs were listed anyway. */
export function requireListed(branchRef: string, refs: ReadonlyMap<string, string>): void {
  if (!refs.has(branchRef)) throw noBranch(branchRef)
}

function noBranch(branchRef: string): ProvError {
  return new ProvError('not-initialised', `there is no branch ${branchRef.slice('refs/heads/'.length)} here`, {
    hint: 'git prov init',
  })
}

/** A record read from the branch, or why it cannot be. */
export type ReadOutcome =
  | { entry: BranchEntry; stored: StoredRecord; archived?: true }
  | { entry: BranchEntry; error: ProvError; archived?: true }

/**
 * Every record on the branch: first those that lie in archives, then the others in the order of their paths. A damaged
 * one is returned as its error, not thrown.
 */
export async function* readRecords(repository: Repository, kinds: readonly string[] = []): AsyncGenerator<ReadOutcome> {
  for await (const batch of readRecordBatches(repository, kinds)) yield* batch
}

/** The same in batches as they come: one by one, a hundred thousand cost twice as much. */
export async function* readRecordBatches(
  repository: Repository,
  kinds: readonly string[] = [],
): AsyncGenerator<ReadOutcome[]> {
  const { branchRef } = readSettings(repository)
  const under = kinds.length ? kinds.map((kind) => `records/${kind}/`) : ['records/']
  requireBranch(repository, branchRef)
  const archived = new Set<string>()
  const objects = new ObjectReader(repository)
  try {
    for await (const outcome of readArchived(repository, objects, under, archived)) yield [outcome]
  } finally {
    objects.close()
  }
  const listed = listFast(repository, branchRef, under)
  for await (const batch of streamBlobs(repository, without(listed, archived), maxRecordBytes))
    yield batch.map(({ file, body, size }) => parseEntry({ ...file, size }, body))
}

async function* without<File extends { path: string }>(batches: AsyncIterable<File[]>, paths: ReadonlySet<string>) {
  for await (const batch of batches) yield paths.size > 0 ? batch.filter(({ path }) => !paths.has(path)) : batch
}

/** The records of all archives, one archive after another. A record that lies in two is read once. */
export async function* readArchived(
  repository: Repository,
  objects: ObjectReader,
  under: readonly string[],
  seen = new Set<string>(),
): AsyncGenerator<ReadOutcome> {
  const { branchRef } = readSettings(repository)
  for (const archive of await listArchives(objects, branchRef)) {
    const entryOf = (path: string, size: number) => ({ path, oid: archive.oid, mode: '100644', size })
    try {
      const { index, bytesOf } = await openArchive(objects, archive)
      for (const [path, { start, end }] of index.files) {
        if (seen.has(path) || !under.some((folder) => path.startsWith(folder))) continue
        seen.add(path)
        yield { ...parseEntry(entryOf(path, end - start), bytesOf(path)), archived: true }
      }
    } catch (error) {
      if (!(error instanceof ProvError)) throw error
      yield { entry: entryOf(archive.path, 0), error }
    }
  }
}

/** Proves one record against its place. */
function parseEntry(entry: BranchEntry, body: Buffer | undefined): ReadOutcome {
  try {
    const file = classifyPath(entry.path)
    if (file?.kind !== 'record') throw new ProvError('record', `${entry.path} is not the path of a record`)
    if (entry.size > maxRecordBytes)
      throw new ProvError('record', `record ${file.id.slice(0, 12)} is ${entry.size} bytes long`)
    if (!body) throw new ProvError('record', `record ${file.id.slice(0, 12)} is not here`, { hint: 'git fetch' })
    return { entry, stored: parseRecord(body, file.id) }
  } catch (error) {
    if (error instanceof ProvError) return { entry, error }
    throw error
  }
}

/** The paths of records whose id begins with a prefix of at least four hex digits. */
export async function findRecords(repository: Repository, prefix: string): Promise<string[]> {
  const found = new Set(await findArchived(repository, prefix))
  for await (const { path } of listBranch(repository, ['records/'])) {
    const file = classifyPath(path)
    if (file?.kind === 'record' && file.id.startsWith(prefix)) found.add(path)
  }
  return [...found]
}

async function findArchived(repository: Repository, prefix: string): Promise<string[]> {
  const paths = await archivedPaths(repository)
  return paths.filter((path) => path.slice(path.lastIndexOf('/') + 1).startsWith(prefix))
}

async function archivedPaths(repository: Repository): Promise<string[]> {
  const objects = new ObjectReader(repository)
  try {
    const archives = await listArchives(objects, readSettings(repository).branchRef)
    return (await Promise.all(archives.map((archive) => pathsIn(repository, objects, archive)))).flat()
  } finally {
    objects.close()
  }
}

/** The paths of files whose id or digest begins with a prefix, or the one path that is given whole. */
export async function findFiles(repository: Repository, word: string): Promise<string[]> {
  const found = new Set<string>()
  const isMeant = (path: string) =>
    path === word || (/^[0-9a-f]{6,64}$/.test(word) && path.slice(path.lastIndexOf('/') + 1).startsWith(word))
  for (const path of await archivedPaths(repository)) if (isMeant(path)) found.add(path)
  for await (const { path } of listBranch(repository)) if (isMeant(path)) found.add(path)
  return [...found]
}
