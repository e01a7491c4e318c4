import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, posix, relative, resolve, sep } from 'node:path'
import { digestOf } from '../../base/digest.ts'
import { ProvError } from '../../base/errors.ts'
import { staysInside } from '../../base/inside-path.ts'
import { pathText } from '../../base/path-text.ts'
import { dvclive } from '../../collect/metrics/dvclive.ts'
import { type ChangedCommit, streamChanges } from '../../git/history/changed-files.ts'
import { parseIdent } from '../../git/ident.ts'
import { parseTree } from '../../git/objects/objects.ts'
import { committerIdent } from '../../ledger/append/committer.ts'
import { type MetricSet, MetricSetBuilder } from '../../records/metrics/set.ts'
import type { ImportRequest } from '../import-request.ts'
import { type Gathering, importRuns } from '../import-runs.ts'
import type { ImportedRun } from '../imported-run.ts'
import { fromDvclive } from './format.ts'

/**
 * `git prov import dvclive`: a run for each version of a DVCLive folder in a commit, and for the one in the work tree.
 */
export async function importDvclive(request: ImportRequest): Promise<number> {
  return await importRuns(request, 'dvclive', gatherDvclive)
}

async function* gatherDvclive(gathering: Gathering): AsyncGenerator<ImportedRun> {
  const { repository, cwd, path } = gathering
  const top = repository.workTree ?? cwd
  const given = path === undefined ? undefined : resolve(cwd, path)
  if (given !== undefined && !existsSync(given))
    throw new ProvError('usage', `there is nothing at '${path}'`, { hint: 'git prov import dvclive <folder>' })
  const folder = given === undefined ? undefined : relative(top, realpathSync(given)).split(sep).join('/')
  if (folder === undefined || staysInside(folder)) yield* fromHistory(gathering, folder)
  const here = given ?? join(top, 'dvclive')
  if (existsSync(here)) yield* fromDisk(gathering, here, relative(top, here).split(sep).join('/'))
}

/**
 * Folders are found by their summary: `metrics.json` in a folder called dvclive or the requested one, or
 * `dvclive.json`.
 */
async function* fromHistory(gathering: Gathering, folder: string | undefined): AsyncGenerator<ImportedRun> {
  const { repository, except, progress } = gathering
  const paths =
    folder === undefined
      ? [':(glob)**/dvclive/metrics.json', ':(glob)**/dvclive.json']
      : [`:(literal)${folder}/metrics.json`, `:(literal)${folder}.json`]
  let done = 0
  for await (const commit of streamChanges(repository, { paths, except })) {
    for (const { path, after } of commit.changes) {
      if (/^0+$/.test(after)) continue
      progress(++done)
      const text = Buffer.from(path, 'latin1').toString('utf8')
      const files = await filesOf(gathering, commit, text)
      if (files.size > 0) yield await toRun(gathering, files, { folder: folderOf(text), commit })
    }
  }
}

const folderOf = (summary: string) =>
  summary.endsWith('/metrics.json') ? posix.dirname(summary) : summary.replace(/\.json$/, '')

const mostFiles = 20_000

/** The summary and every file of its folder in a commit, by path. */
async function filesOf({ objects }: Gathering, commit: ChangedCommit, summary: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>()
  const walk = async (name: string, prefix: string, depth: number): Promise<void> => {
    const tree = await objects.read(name)
    if (tree?.type !== 'tree' || depth > 16) return
    for (const { mode, oid, name: part } of parseTree(tree)) {
      const path = `${prefix}/${pathText(part)}`
      if (mode === '40000') await walk(oid, path, depth + 1)
      else if (mode.startsWith('100') && files.size < mostFiles && /\.(tsv|json|yaml)$/.test(path)) {
        const blob = await objects.read(oid)
        if (blob) files.set(path, blob.body)
      }
    }
  }
  const folder = folderOf(summary)
  if (!/\n/.test(folder)) await walk(`${commit.oid}:${folder}`, folder, 0)
  if (!files.has(summary)) {
    const blob = /\n/.test(summary) ? undefined : await objects.read(`${commit.oid}:${summary}`)
    if (blob?.type === 'blob') files.set(summary, blob.body)
  }
  return files
}

async function* fromDisk(gathering: Gathering, absolute: string, folder: string): AsyncGenerator<ImportedRun> {
  const files = new Map<string, Buffer>()
  let newest = 0
  const add = (file: string, path: string) => {
    if (!existsSync(file)) return
    files.set(path, readFileSync(file))
    newest = Math.max(newest, statSync(file).mtimeMs)
  }
  for (const entry of readdirSync(absolute, { recursive: true, withFileTypes: true })) {
    const file = join(entry.parentPath, entry.name)
    if (entry.isFile() && /\.(tsv|json|yaml)$/.test(entry.name) && files.size < mostFiles)
      add(file, `${folder}/${relative(absolute, file).split(sep).join('/')}`)
  }
  add(`${absolute}.json`, `${folder}.json`)
  if (files.size > 0) yield await toRun(gathering, files, { folder, written: new Date(newest) })
}

interface Found {
  folder: string
  /** Absent for a folder in the work tree. */
  commit?: ChangedCommit
  /** When its newest file was written. */
  written?: Date
}

async function toRun(
  { repository }: Gathering,
  files: ReadonlyMap<string, Buffer>,
  { folder, commit, written }: Found,
): Promise<ImportedRun> {
  const { name, email } = parseIdent(committerIdent(repository))
  const content = digestOf(
    [...files]
      .map(([path, bytes]) => `${digestOf(bytes)}  ${path}\n`)
      .sort()
      .join(''),
  )
  return fromDvclive(await readSet(files, folder), {
    folder,
    content,
    source: commit ? `${folder} at ${commit.oid}` : folder,
    agent: commit?.author ?? { name, email },
    ...(written && { time: written }),
    ...(commit && { about: { commit: commit.oid, tree: commit.tree, parents: commit.parents }, time: commit.time }),
  })
}

/** The reader of `git prov run` takes files on disk, so the blobs are written to a temporary folder. */
async function readSet(files: ReadonlyMap<string, Buffer>, folder: string): Promise<MetricSet> {
  const into = new MetricSetBuilder()
  const base = mkdtempSync(join(tmpdir(), 'git-prov-import-'))
  try {
    // Under the one name the reader knows, whatever the folder is called.
    const named = [...files].map(([path, bytes]) => ({ path: `dvclive${path.slice(folder.length)}`, bytes }))
    const safe = named.filter(({ path }) => staysInside(path))
    for (const { path, bytes } of safe) {
      mkdirSync(dirname(join(base, path)), { recursive: true })
      writeFileSync(join(base, path), bytes)
    }
    const claimed = dvclive.claim(safe.map(({ path }) => path))
    await dvclive.read(
      claimed.map((path) => ({ path, absolute: join(base, path) })),
      into,
    )
    return into.build()
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
}
