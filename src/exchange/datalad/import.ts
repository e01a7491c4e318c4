import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { digestOf } from '../../base/digest.ts'
import { byteString, fsPath, pathText } from '../../base/path-text.ts'
import { findAnnexContent } from '../../collect/datasets/annex.ts'
import { CommitTree } from '../../collect/datasets/commit-tree.ts'
import { type PointedContent, parseAnnexPointer, parseLfsPointer } from '../../collect/datasets/pointers.ts'
import { type ChangedCommit, type ChangedFile, streamChanges } from '../../git/history/changed-files.ts'
import { CommitFiles } from '../commit-files.ts'
import type { ImportRequest } from '../import-request.ts'
import { type Gathering, importRuns, pathspecOf } from '../import-runs.ts'
import type { ImportedRun, RunFile } from '../imported-run.ts'
import { joinPath } from '../join-path.ts'
import {
  divisions,
  fillCommand,
  isPattern,
  messageStart,
  parseMessage,
  parseRunRecord,
  type RunRecord,
  withoutRoot,
} from './format.ts'

/** `git prov import datalad`: a run for each commit made by `datalad run` or `rerun`. */
export async function importDatalad(request: ImportRequest): Promise<number> {
  return await importRuns(request, 'datalad', gatherDatalad)
}

async function* gatherDatalad(gathering: Gathering): AsyncGenerator<ImportedRun> {
  const { objects, repository, except, progress, skip } = gathering
  const files = new CommitFiles(objects)
  const roots: string[] = []
  let done = 0
  const path = pathspecOf(gathering)
  const changes = {
    messageStart: messageStart.trim(),
    firstParent: true,
    except,
    ...(path && { paths: [path], wholeCommits: true }),
  }
  for await (const commit of streamChanges(repository, changes)) {
    const found = parseMessage(commit.message)
    if (!found) continue
    progress(++done)
    const json =
      'json' in found
        ? found.json
        : await readSidecar(files, { commit: commit.oid, name: found.sidecar, commonDir: repository.commonDir })
    const record = typeof json === 'string' ? parseRunRecord(json, found.message) : undefined
    if (record) yield await toRun(new CommitReader(files, objects, commit, roots), record)
    else skip(`commit ${commit.oid.slice(0, 10)}`, typeof json === 'string' ? 'its record is damaged' : json.reason)
  }
}

const maxSidecar = 16 * 1024 * 1024

/** Why a record is left out. */
type LeftOut = { reason: string }

/**
 * `.datalad/runinfo/<name>`: a line of JSON, compressed with xz, in git or git-annex; other writers leave it plain or
 * use gzip.
 */
async function readSidecar(
  files: CommitFiles,
  { commit, name, commonDir }: { commit: string; name: string; commonDir: string },
): Promise<string | LeftOut> {
  const path = `.datalad/runinfo/${name}`
  const blob = await files.read(commit, path)
  if (!blob) return { reason: `its record file ${path} is not in the commit` }
  const pointed = blob.body.length < 1024 ? parseAnnexPointer(blob.body.toString('utf8')) : undefined
  if (!pointed) return (await unpack(blob.body)) ?? { reason: `its record file ${path} is damaged` }
  const held = findAnnexContent(commonDir, pointed.key, path)
  if (!held?.at || held.stat.size > maxSidecar) return { reason: `its record file is not here; git annex get ${path}` }
  return (await unpack(readFileSync(fsPath(held.at)))) ?? { reason: `its record file ${path} is damaged` }
}

async function unpack(body: Buffer): Promise<string | undefined> {
  try {
    if (body[0] === 0x1f) return gunzipSync(body, { maxOutputLength: maxSidecar }).toString('utf8')
    return body[0] === 0xfd ? await unpackXz(body) : body.toString('utf8')
  } catch {
    return undefined
  }
}

async function unpackXz(body: Buffer): Promise<string | undefined> {
  const { XzReadableStream } = await import('xz-decompress')
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of new XzReadableStream(new Blob([new Uint8Array(body)]).stream())) {
    size += chunk.length
    if (size > maxSidecar) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The files of one commit, with what is known about their content. */
class CommitReader {
  readonly commit: ChangedCommit
  readonly #files: CommitFiles
  readonly #tree: CommitTree
  readonly #before: CommitTree
  readonly #roots: string[]

  constructor(files: CommitFiles, objects: Gathering['objects'], commit: ChangedCommit, roots: string[]) {
    this.commit = commit
    this.#files = files
    this.#tree = new CommitTree(objects, commit.oid)
    this.#before = new CommitTree(objects, commit.parents[0] ?? commit.oid)
    this.#roots = roots
  }

  /** Folders the dataset was in when its absolute paths were recorded, found by which inner paths this commit has. */
  async rootsOf(paths: readonly string[]): Promise<readonly string[]> {
    for (const path of paths) {
      if (!path.startsWith('/') || this.#roots.some((root) => path.startsWith(`${root}/`))) continue
      for (const { root, inside } of divisions(path)) {
        const there = (await this.#tree.entryAt(byteString(inside))) ?? (await this.#before.entryAt(byteString(inside)))
        if (!there) continue
        this.#roots.push(root)
        break
      }
    }
    return this.#roots
  }

  async input(path: string): Promise<RunFile> {
    if (isPattern(path))
      return { path, state: 'incomplete', reason: 'a pattern; what it stood for is not recorded', declared: 'datalad' }
    if (path.startsWith('/')) return { path, state: 'missing', reason: 'outside the dataset', declared: 'datalad' }
    const entry = (await this.#before.entryAt(byteString(path))) ?? (await this.#tree.entryAt(byteString(path)))
    if (!entry) return { path, state: 'missing', reason: 'not in the commit before', declared: 'datalad' }
    return await this.#describe(path, entry)
  }

  async output({ path, mode, before, after }: ChangedFile): Promise<RunFile> {
    const gone = /^0+$/.test(after)
    const change = gone ? 'deleted' : /^0+$/.test(before) ? 'created' : 'modified'
    if (gone) return { path: pathText(path), state: 'complete', declared: 'datalad', change }
    return { ...(await this.#describe(pathText(path), { mode, oid: after })), change }
  }

  async #describe(path: string, { mode, oid }: { mode: string; oid: string }): Promise<RunFile> {
    const file = { path, declared: 'datalad' as const }
    if (mode === '40000') return { ...file, state: 'incomplete', reason: 'a folder; its files are in the commit' }
    if (mode === '160000') return { ...file, state: 'incomplete', reason: `a submodule at ${oid.slice(0, 10)}` }
    const blob = await this.#files.readBlob(oid)
    if (!blob) return { ...file, state: 'missing', reason: 'its content is not in this clone' }
    const text = blob.body.length < 32_768 ? blob.body.toString('utf8') : ''
    const pointed = parseAnnexPointer(text) ?? (mode === '120000' ? undefined : parseLfsPointer(text))
    if (pointed) return { ...file, ...known(pointed) }
    if (mode === '120000') return { ...file, state: 'incomplete', reason: `a link to ${text}` }
    return { ...file, state: 'complete', digest: digestOf(blob.body), bytes: blob.body.length }
  }
}

function known({ digest, md5, size, key }: PointedContent): Omit<RunFile, 'path' | 'declared'> {
  return {
    state: digest || md5 ? 'complete' : 'missing',
    ...(size !== undefined && { bytes: size }),
    ...(digest && { digest }),
    ...(md5 && { aliases: { md5 } }),
    ...(!digest && !md5 && { reason: `the key carries no digest we know: ${key.slice(0, 200)}` }),
  }
}

async function toRun(reader: CommitReader, record: RunRecord): Promise<ImportedRun> {
  const { oid, tree, parents, author, time, changes } = reader.commit
  const { inputs, extraInputs, outputs, message, exitCode, chain, dataset } = record
  const roots = await reader.rootsOf([...outputs, ...inputs].map(fromTop))
  const folder = insideOf('.', record.folder, roots)
  const inside = (path: string) => insideOf(folder, path, roots)
  const { words, unfilled } = fillCommand(record)
  const made = await Promise.all(changes.map((change) => reader.output(change)))
  const notes = unfilled.length > 0 ? [`not known: ${[...new Set(unfilled)].join(' ')}`] : []
  if (outputs.length === 0) notes.push('no outputs were declared; what the commit changed is listed')
  return {
    from: 'datalad',
    source: `commit ${oid}`,
    key: oid,
    notes,
    time,
    agent: author,
    about: { commit: oid, tree, parents },
    command: words.map((word) => withoutRoot(word, roots)),
    workingFolder: folder,
    ...(message && { intent: message }),
    tags: {
      ...(dataset && { 'datalad.dsid': dataset }),
      ...(chain.length > 0 && { 'datalad.chain': chain.join(' ') }),
    },
    inputs: await Promise.all([...inputs, ...extraInputs].map((path) => reader.input(inside(path)))),
    outputs: [...made, ...(await unchanged(reader, outputs.map(inside), made))],
    parameters: {},
    metrics: new Map(),
    outcome: exitCode === undefined ? { status: 'ok' } : { status: exitCode === 0 ? 'ok' : 'failed', exitCode },
  }
}

/** A path from the top of the dataset; absolute when it is outside. */
function insideOf(folder: string, path: string, roots: readonly string[]): string {
  const fullPath = fromTop(joinPath(folder.startsWith('/') ? '.' : folder, path))
  return roots.includes(fullPath) ? '.' : withoutRoot(fullPath, roots)
}

/**
 * DataLad writes paths reached by a symlink as ../../../home/…: as an absolute path it means the same, and private
 * parts are recognised.
 */
const fromTop = (path: string) => path.replace(/^(\.\.\/)+/, '/')

/** Declared outputs that the commit did not change. */
async function unchanged(
  reader: CommitReader,
  declared: readonly string[],
  made: readonly RunFile[],
): Promise<RunFile[]> {
  const left = declared.filter(
    (path) => !isPattern(path) && !made.some((file) => file.path === path || file.path.startsWith(`${path}/`)),
  )
  return await Promise.all(left.map(async (path) => ({ ...(await reader.input(path)), change: 'unchanged' as const })))
}
