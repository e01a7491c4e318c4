import { accessSync, constants, copyFileSync, lstatSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { fsPath, pathText } from '../../base/path-text.ts'
import { formatBytes, plural } from '../../base/quantity.ts'
import type { Repository } from '../repository.ts'
import { gitFailed, StartedGit } from '../run.ts'
import type { FlaggedFiles } from './flagged-files.ts'
import type { WorkTreeStatus } from './status.ts'

/** Uncommitted work as a commit. Omitted files are byte strings relative to the top. */
export interface TakenSnapshot {
  commit: string
  tree: string
  changes: number
  omitted: { path: string; bytes: number }[]
  lossy: string[]
}

export interface SnapshotRequest {
  repository: Repository
  /** The commit checked out; undefined before the first commit. */
  head: { oid: string; tree: string; seconds: number } | undefined
  changes: WorkTreeStatus['changes']
  flagged: FlaggedFiles
  /** Paths whose uncommitted content, staged or not, must not be kept: byte strings. */
  withheld?: readonly string[]
}

/** Size limits of a snapshot in bytes, per file and in total: objects in the clone's store are not removed later. */
const [maxFileBytes, maxTotalBytes] = [10_000_000, 200_000_000]
const tries = 3

/**
 * Saves the work tree (tracked and untracked, but not ignored files) as a commit under refs/prov/snapshots/, through a
 * copy of the index, so the user's own stays untouched. The same content gives the same commit. Undefined when there is
 * nothing to save. Throws `git`.
 */
export async function takeSnapshot(request: SnapshotRequest): Promise<TakenSnapshot | undefined> {
  const chosen = choose(request)
  if (chosen.paths.length === 0 && chosen.omitted.length === 0) return undefined
  const tree = await writeTree(request, chosen.paths)
  const { head } = request
  if (tree === head?.tree && chosen.omitted.length === 0) return undefined
  const commit = await keep(request, tree)
  return { commit, tree, changes: request.changes.length, omitted: chosen.omitted, lossy: chosen.lossy }
}

interface Chosen {
  paths: string[]
  omitted: { path: string; bytes: number }[]
  lossy: string[]
}

function choose({ repository, changes, flagged }: SnapshotRequest): Chosen {
  const chosen: Chosen = { paths: [], omitted: [], lossy: [] }
  const files: { path: string; bytes: number }[] = []
  for (const { path, change } of changes) {
    const found = change === 'removed' ? undefined : look(repository, path)
    if (typeof found === 'string') chosen.lossy.push(`${pathText(path).slice(0, 900)}: ${found}`)
    else files.push({ path, bytes: found ?? 0 })
  }
  for (const path of flagged.assumed) files.push({ path, bytes: 0 })
  const present = flagged.skipped.filter((path) => typeof look(repository, path) === 'number')
  if (present.length > 0) chosen.lossy.push(`${plural(present.length, 'file')} flagged skip-worktree: as in the index`)
  // Small files first, so that one large file excludes only itself.
  let total = 0
  for (const file of files.sort((a, b) => a.bytes - b.bytes)) {
    const fits = file.bytes <= maxFileBytes && total + file.bytes <= maxTotalBytes
    if (fits) chosen.paths.push(file.path)
    else chosen.omitted.push(file)
    if (fits) total += file.bytes
  }
  if (chosen.omitted.length > 1000) chosen.lossy.push(summary(chosen.omitted.splice(1000)))
  chosen.lossy.splice(100)
  return chosen
}

function summary(omitted: Chosen['omitted']): string {
  const bytes = omitted.reduce((sum, file) => sum + file.bytes, 0)
  return `${plural(omitted.length, 'more file')} (${formatBytes(bytes)}) left out`
}

/** A file's size in bytes, or why it cannot be kept; undefined when it is gone. */
function look({ workTree }: Repository, path: string): number | string | undefined {
  const full = fsPath(`${Buffer.from(workTree ?? '', 'utf8').toString('latin1')}/${path}`)
  try {
    const stat = lstatSync(full)
    if (stat.isDirectory()) return 'a repository of its own, whose uncommitted work is not kept'
    if (stat.isFile()) accessSync(full, constants.R_OK)
    return stat.size
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'not readable' : undefined
  }
}

let counter = 0

/** A file truncated while git maps it kills git (SIGBUS) and leaves a stale lock, so retry with another index file. */
async function writeTree(request: SnapshotRequest, paths: readonly string[]): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    counter += 1
    const index = join(request.repository.gitDir, `prov-index.${process.pid}.${counter}`)
    try {
      return await writeTreeWith(index, request, paths)
    } catch (error) {
      if (attempt === tries) throw error
    } finally {
      for (const path of [index, `${index}.lock`]) rmSync(path, { force: true })
    }
  }
}

async function writeTreeWith(index: string, request: SnapshotRequest, paths: readonly string[]): Promise<string> {
  const { repository, flagged, withheld = [] } = request
  try {
    copyIndex(join(repository.gitDir, 'index'), index)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  const place = { ...repository, env: { ...repository.env, GIT_INDEX_FILE: index } }
  if (withheld.length > 0) await must(place, ['--literal-pathspecs', 'reset', '-q', ...fromInput], listOf(withheld))
  const update = ['-c', 'core.safecrlf=false', 'update-index', '-z', '--stdin']
  if (flagged.assumed.length > 0)
    await must(place, [...update.slice(0, 3), '--no-assume-unchanged', ...update.slice(3)], listOf(flagged.assumed))
  await must(place, [...update.slice(0, 3), '--add', '--remove', '--replace', ...update.slice(3)], listOf(paths))
  // Everything in the index is in HEAD or was just written: git need not check 100,000 objects again.
  return await must(place, ['write-tree', '--missing-ok'])
}

/**
 * Keeps the original's mtime, by which git detects racy entries (gitformat-index(5)): with a later mtime, a change that
 * keeps the size and falls into the same second would be missed.
 */
function copyIndex(from: string, to: string): void {
  const second = Math.floor(statSync(from).mtimeMs / 1000)
  copyFileSync(from, to)
  utimesSync(to, second, second)
}

const fromInput = ['--pathspec-from-file=-', '--pathspec-file-nul']

const listOf = (paths: readonly string[]) => Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1')

async function keep({ repository, head }: SnapshotRequest, tree: string): Promise<string> {
  const who = { NAME: 'git-prov', EMAIL: 'git-prov@localhost', DATE: `@${head?.seconds ?? 0} +0000` }
  const env = { ...repository.env }
  for (const [key, value] of Object.entries(who)) {
    env[`GIT_AUTHOR_${key}`] = value
    env[`GIT_COMMITTER_${key}`] = value
  }
  const parents = head ? ['-p', head.oid] : []
  const commit = await must({ ...repository, env }, ['commit-tree', '--no-gpg-sign', ...parents, tree], 'snapshot\n')
  await must(repository, ['update-ref', '-m', 'git-prov', `refs/prov/snapshots/${commit}`, commit])
  return commit
}

async function must(place: Repository, args: readonly string[], input: string | Uint8Array = ''): Promise<string> {
  const result = await new StartedGit(place, args).finish(input)
  if (result.status !== 0) throw gitFailed(args, result.stderr)
  return result.stdout.toString('latin1').trim()
}
