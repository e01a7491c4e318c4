import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { DatasetDeclaration } from '../core/config.ts'
import { formatBytes, plural } from '../core/dataset.ts'
import { digestOf } from '../core/digest.ts'
import { messageOf } from '../core/errors.ts'
import { formatManifest, type ManifestEntry } from '../core/manifest.ts'
import { byteString, fsPath, pathText } from '../core/path-text.ts'
import { replaceFile } from '../core/replace-file.ts'
import type { Dataset } from '../generated/types.ts'
import { type ObjectReader, parseTree, type TreeEntry } from '../git/objects.ts'
import type { Repository } from '../git/repository.ts'
import { type CommittedFile, type CommittedFiles, readCommitted } from './datasets/committed.ts'
import { digestFiles, type Progress } from './datasets/disk.ts'
import { type DvcOutput, findDvcOutput } from './datasets/dvc.ts'
import { matcher, splitPath } from './datasets/glob.ts'
import { parseAnnexPointer, parseLfsPointer } from './datasets/pointers.ts'
import { type FoundFile, type Walk, type WalkProblem, walkFolder, walkOne } from './datasets/walk.ts'
import { readStatus, type WorkTreeStatus } from './datasets/work-tree-status.ts'

export interface FingerprintInput {
  repository: Repository
  objects: ObjectReader
  commit: { oid: string }
  datasets: readonly DatasetDeclaration[]
  /** Where what is known is kept from one call to the next; may be deleted at any time. */
  cacheDir: string
  /** Claim only what the commit's tree proves. */
  late: boolean
  /** ms since the epoch; Infinity for no budget. */
  deadline: number
  /** Nanoseconds. Files changed later are told apart. */
  committedAt?: bigint
  signal?: AbortSignal
  /** `git status` of these paths, begun before it was known that it is needed. */
  status?: { paths: readonly string[]; result: Promise<WorkTreeStatus> }
  onProgress?(dataset: string, progress: Progress): void
}

/** A dataset as a capture records it, and its manifest when it has one. */
export interface Fingerprint {
  dataset: Dataset
  manifest?: Buffer
}

/** Fingerprints datasets as a commit holds them, or as they lie on disk when it holds nothing of them. Never throws for what is in the data. */
export async function fingerprintDatasets(input: FingerprintInput): Promise<Record<string, Fingerprint>> {
  const looks = await Promise.all(input.datasets.map((declaration) => lookUp(input, declaration)))
  const tracked = looks.filter((look) => look.entry)
  const status = tracked.length > 0 ? workTreeStatus(input, tracked) : undefined
  const found: Record<string, Fingerprint> = {}
  for (const look of looks) {
    try {
      found[look.declaration.name] = await fingerprintOne(input, look, await status)
    } catch (error) {
      found[look.declaration.name] = gone(look, `cannot be fingerprinted: ${messageOf(error)}`)
    }
  }
  return found
}

/** A dataset and where its path stands in the commit. */
interface Look {
  declaration: DatasetDeclaration
  /** Byte strings: the folder or file, and the pattern below it. */
  base: string
  pattern: string | undefined
  entry: TreeEntry | undefined
}

async function lookUp({ objects, commit }: FingerprintInput, declaration: DatasetDeclaration): Promise<Look> {
  const { base, pattern } = splitPath(declaration.path)
  const path = byteString(base)
  const look = { declaration, base: path, pattern }
  if (path === '') {
    const tree = await objects.read(`${commit.oid}^{tree}`)
    return { ...look, entry: tree && { mode: '40000', oid: tree.oid, name: '' } }
  }
  const slash = path.lastIndexOf('/')
  const parent = await objects.read(`${commit.oid}:${pathText(slash < 0 ? '' : path.slice(0, slash))}`)
  const entry =
    parent?.type === 'tree' ? parseTree(parent).find(({ name }) => name === path.slice(slash + 1)) : undefined
  return { ...look, entry }
}

/** The work tree is HEAD's: of another commit it says nothing but what is ignored. */
async function workTreeStatus(input: FingerprintInput, looks: readonly Look[]): Promise<WorkTreeStatus | undefined> {
  const { repository, objects, commit, late } = input
  if (late || !repository.workTree) return undefined
  const paths = looks.map(({ base }) => (base === '' ? '.' : pathText(base)))
  const begun = JSON.stringify(input.status?.paths) === JSON.stringify(paths) ? input.status?.result : undefined
  const status = begun ?? readStatus(repository, paths)
  if (!begun) rememberTracked(input.cacheDir, paths)
  const head = await objects.read('HEAD')
  return head?.oid === commit.oid ? await status : { changes: [], ignored: (await status).ignored }
}

/** Begins the `git status` that the last capture needed; most likely this one needs it too. */
export function beginStatus(repository: Repository, cacheDir: string): FingerprintInput['status'] {
  const paths = readTracked(cacheDir)
  return paths && paths.length > 0 && repository.workTree ? { paths, result: readStatus(repository, paths) } : undefined
}

const trackedFile = (cacheDir: string) => join(cacheDir, 'tracked.json')

function rememberTracked(cacheDir: string, paths: readonly string[]): void {
  replaceFile(trackedFile(cacheDir), JSON.stringify(paths))
}

function readTracked(cacheDir: string): string[] | undefined {
  try {
    return JSON.parse(readFileSync(trackedFile(cacheDir), 'utf8')) as string[]
  } catch {
    return undefined
  }
}

async function fingerprintOne(
  input: FingerprintInput,
  look: Look,
  status: WorkTreeStatus | undefined,
): Promise<Fingerprint> {
  const matches = await matcher(look.pattern)
  const { entry } = look
  if (entry && isFile(entry)) return await committedFile(input, look, entry, status)
  const committed = entry ? await committedFolder(input, entry, matches) : undefined
  const ignored = committed ? ignoredBelow(look, status, matches) : []
  if (committed && committed.files.length + committed.unkeyed.length > 0 && ignored.length === 0)
    return await fromCommit(input, look, committed, status)
  const dvc = await findDvcOutput(input.objects, input.commit.oid, pathText(look.base), input.cacheDir)
  if (dvc) return await fromDvc(input, look, dvc)
  if (committed && committed.files.length > 0) return await mixed(input, look, committed, ignored, status)
  return await fromDisk(input, look, matches)
}

const isFile = ({ mode }: TreeEntry) => mode.startsWith('100') || mode === '120000'

async function committedFolder(
  input: FingerprintInput,
  entry: TreeEntry,
  matches: (path: string) => boolean,
): Promise<CommittedFiles> {
  if (entry.mode === '160000') {
    return { files: [], unkeyed: [], problems: [{ path: '.', reason: `a git submodule at ${entry.oid.slice(0, 12)}` }] }
  }
  const { files, problems, unkeyed } = await readCommitted(input.repository, input.objects, entry.oid, input.cacheDir)
  return {
    files: files.filter(({ path }) => matches(path)),
    problems: problems.filter(({ path }) => matches(path)),
    unkeyed: unkeyed.filter(({ path }) => matches(path)),
  }
}

function ignoredBelow(look: Look, status: WorkTreeStatus | undefined, matches: (path: string) => boolean): string[] {
  const prefix = look.base === '' ? '' : `${look.base}/`
  return (status?.ignored ?? [])
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length))
    .filter(matches)
}

async function committedFile(
  input: FingerprintInput,
  look: Look,
  entry: TreeEntry,
  status: WorkTreeStatus | undefined,
): Promise<Fingerprint> {
  const blob = await input.objects.read(entry.oid)
  if (!blob) return gone(look, 'its blob is not in this clone')
  const text = blob.body.length < 32_768 ? blob.body.toString('latin1') : ''
  const pointed = parseLfsPointer(text) ?? parseAnnexPointer(text)
  if ((pointed && !pointed.digest) || (!pointed && entry.mode === '120000')) {
    return await fromDisk(input, look, () => true, { ...(pointed?.md5 && { aliases: { md5: pointed.md5 } }) })
  }
  const dataset: Dataset = {
    path: look.declaration.path,
    state: 'complete',
    source: 'git',
    digest: pointed?.digest ?? digestOf(blob.body),
    files: 1,
    bytes: pointed?.size ?? blob.body.length,
    ...uncommittedOf(look, status, () => true),
  }
  return { dataset }
}

async function fromCommit(
  input: FingerprintInput,
  look: Look,
  committed: CommittedFiles,
  status: WorkTreeStatus | undefined,
): Promise<Fingerprint> {
  const matches = await matcher(look.pattern)
  const { files, problems } = await resolveUnkeyed(input, look, committed)
  return compose(look, 'git', files, problems, uncommittedOf(look, status, matches))
}

/** Annexed files whose key has no SHA-256 are read where their content is. */
async function resolveUnkeyed(
  input: FingerprintInput,
  look: Look,
  committed: CommittedFiles,
): Promise<{ files: CommittedFile[]; problems: WalkProblem[] }> {
  const files = [...committed.files]
  const problems = [...committed.problems]
  const top = input.late ? undefined : input.repository.workTree
  const walk: Walk = { files: [], problems: [] }
  for (const { path, key } of committed.unkeyed) {
    const here =
      top === undefined
        ? undefined
        : statSync(fsPath(join(byteString(top), look.base, path)), { bigint: true, throwIfNoEntry: false })
    if (here?.isFile()) walk.files.push({ path, stat: here })
    else problems.push({ path, reason: `not here, and its key has no SHA-256 (${pathText(key)})`.slice(0, 250) })
  }
  if (walk.files.length > 0 && top) {
    const read = await digestWalk(input, look, join(byteString(top), look.base), walk, 'annex')
    files.push(...read.files.map(({ path, digest, stat }) => ({ path, digest, size: Number(stat.size) })))
    problems.push(
      ...read.problems,
      ...(read.unread
        ? walk.files.slice(read.files.length).map(({ path }) => ({ path, reason: 'not read within the time budget' }))
        : []),
    )
  }
  return { files, problems }
}

/** Tracked files as committed, ignored ones as they lie on disk. */
async function mixed(
  input: FingerprintInput,
  look: Look,
  committed: CommittedFiles,
  ignored: readonly string[],
  status: WorkTreeStatus | undefined,
): Promise<Fingerprint> {
  const top = byteString(input.repository.workTree ?? '')
  const folder = join(top, look.base)
  const walk = ignored
    .map((path) => walkOne(folder, path))
    .reduce<Walk>(
      (all, one) => ({ files: [...all.files, ...one.files], problems: [...all.problems, ...one.problems] }),
      { files: [], problems: [] },
    )
  walk.files.sort((a, b) => (a.path < b.path ? -1 : 1))
  const read = await digestWalk(input, look, folder, walk)
  if (read.unread) return pending(look, 'mixed', read.unread)
  const resolved = await resolveUnkeyed(input, look, committed)
  const files = [
    ...resolved.files,
    ...read.files.map(({ path, digest, stat }) => ({ path, digest, size: Number(stat.size) })),
  ]
  const matches = await matcher(look.pattern)
  const extra = { ...uncommittedOf(look, status, matches), ...afterCommit(input, look, walk.files) }
  return compose(look, 'mixed', files, [...resolved.problems, ...read.problems], extra)
}

async function fromDvc(input: FingerprintInput, look: Look, dvc: DvcOutput): Promise<Fingerprint> {
  const extra = { ...(dvc.md5 && { aliases: { md5: dvc.md5 } }) }
  if (input.late) return gone(look, 'captured late: only its md5 is known', 'dvc', extra)
  const print = await fromDisk(input, look, await matcher(look.pattern), extra)
  if (print.dataset.state === 'missing')
    return gone(look, `its content is not here; dvc pull ${dvc.path}`, 'dvc', extra)
  const stale = dvc.size !== undefined && print.dataset.bytes !== undefined && print.dataset.bytes !== dvc.size
  const uncommitted = stale
    ? { uncommitted: { count: 1, paths: [{ path: dvc.path, change: 'modified' as const }] } }
    : {}
  return { ...print, dataset: { ...print.dataset, source: 'dvc', ...uncommitted } }
}

async function fromDisk(
  input: FingerprintInput,
  look: Look,
  matches: (path: string) => boolean,
  extra: Partial<Dataset> = {},
): Promise<Fingerprint> {
  const top = input.repository.workTree
  if (input.late)
    return gone(look, 'captured late: it is not tracked, so what it held is not known any more', 'none', extra)
  if (!top) return gone(look, 'a bare repository has no files on disk', 'none', extra)
  const path = join(byteString(top), look.base)
  const stat = statSync(fsPath(path), { bigint: true, throwIfNoEntry: false })
  if (!stat) return gone(look, 'there is nothing at its path', 'none', extra)
  if (!stat.isDirectory())
    return await oneFromDisk(input, look, stat.isFile() ? { path: '', stat } : undefined, path, extra)
  const all = walkFolder(path)
  const walk =
    look.pattern === undefined
      ? all
      : {
          files: all.files.filter((file) => matches(file.path)),
          problems: all.problems.filter((one) => matches(one.path)),
        }
  const read = await digestWalk(input, look, path, walk)
  if (read.unread) return pending(look, 'disk', read.unread, extra)
  const files = read.files.map(({ path: name, digest, stat: { size } }) => ({ path: name, digest, size: Number(size) }))
  return compose(look, 'disk', files, read.problems, { ...extra, ...afterCommit(input, look, walk.files) })
}

async function oneFromDisk(
  input: FingerprintInput,
  look: Look,
  file: FoundFile | undefined,
  path: string,
  extra: Partial<Dataset>,
): Promise<Fingerprint> {
  if (!file) return gone(look, 'not a regular file', 'disk', extra)
  const read = await digestWalk(input, look, path.slice(0, path.lastIndexOf('/')), {
    files: [{ ...file, path: path.slice(path.lastIndexOf('/') + 1) }],
    problems: [],
  })
  if (read.unread) return pending(look, 'disk', read.unread, extra)
  const digest = read.files[0]?.digest
  if (!digest) return gone(look, read.problems[0]?.reason ?? 'cannot be read', 'disk', extra)
  const late = afterCommit(input, look, [file])
  return {
    dataset: {
      path: look.declaration.path,
      state: 'complete',
      source: 'disk',
      digest,
      files: 1,
      bytes: Number(file.stat.size),
      ...extra,
      ...late,
    },
  }
}

function digestWalk(input: FingerprintInput, look: Look, folder: string, walk: Walk, kind = 'stat') {
  const { name } = look.declaration
  return digestFiles({
    folder,
    walk,
    cacheFile: join(input.cacheDir, kind, name),
    deadline: input.deadline,
    signal: input.signal,
    onProgress: input.onProgress && ((progress) => input.onProgress?.(name, progress)),
  })
}

function compose(
  look: Look,
  source: Dataset['source'],
  files: readonly CommittedFile[],
  problems: readonly WalkProblem[],
  extra: Partial<Dataset>,
): Fingerprint {
  const entries: ManifestEntry[] = files.map(({ path, digest }) => ({ path, digest }))
  const manifest = formatManifest(entries)
  const dataset: Dataset = {
    path: look.declaration.path,
    state: problems.length > 0 ? 'incomplete' : 'complete',
    source,
    digest: digestOf(manifest),
    manifest: true,
    files: files.length,
    bytes: files.reduce((total, { size }) => total + size, 0),
    ...(problems.length > 0 && problemFields(problems)),
    ...extra,
  }
  return { dataset, manifest }
}

const most = 100

function problemFields(problems: readonly WalkProblem[]): Partial<Dataset> {
  const first = problems[0] as WalkProblem
  const rest = problems.length > 1 ? ` and ${problems.length - 1} more` : ''
  return {
    problems: problems.slice(0, most).map(({ path, reason }) => ({ path: pathText(path), reason })),
    problemCount: problems.length,
    reason: `${pathText(first.path)} ${first.reason}${rest}`.slice(0, 1000),
  }
}

function gone(
  look: Look,
  reason: string,
  source: Dataset['source'] = 'none',
  extra: Partial<Dataset> = {},
): Fingerprint {
  return { dataset: { path: look.declaration.path, state: 'missing', source, reason, ...extra } }
}

function pending(
  look: Look,
  source: Dataset['source'],
  unread: { files: number; bytes: number },
  extra: Partial<Dataset> = {},
): Fingerprint {
  const reason = `${formatBytes(unread.bytes)} in ${plural(unread.files, 'file')} to read`
  return { dataset: { path: look.declaration.path, state: 'pending', source, reason, ...extra } }
}

function uncommittedOf(
  look: Look,
  status: WorkTreeStatus | undefined,
  matches: (path: string) => boolean,
): Partial<Dataset> {
  const prefix = look.base === '' ? '' : `${look.base}/`
  const changes = (status?.changes ?? []).filter(
    ({ path }) => path === look.base || (path.startsWith(prefix) && matches(path.slice(prefix.length))),
  )
  if (changes.length === 0) return {}
  return {
    uncommitted: {
      count: changes.length,
      paths: changes.slice(0, most).map(({ path, change }) => ({ path: pathText(path), change })),
    },
  }
}

/** Files that changed after the commit: what they held at it is not known. */
function afterCommit({ committedAt }: FingerprintInput, look: Look, files: readonly FoundFile[]): Partial<Dataset> {
  if (committedAt === undefined) return {}
  const changed = files.filter(({ stat }) => stat.ctimeNs > committedAt)
  if (changed.length === 0) return {}
  const prefix = look.base === '' ? '' : `${look.base}/`
  const paths = changed.slice(0, most).map(({ path }) => pathText(path === '' ? look.base : prefix + path))
  return { afterCommit: { count: changed.length, paths } }
}
