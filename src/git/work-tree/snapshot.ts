import { accessSync, constants, copyFileSync, lstatSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { fsPath, pathText } from '../../base/path-text.ts'
import { formatBytes, plural } from '../../base/quantity.ts'
import type { Repository } from '../repository.ts'
import { gitFailed, StartedGit } from '../run.ts'
import type { FlaggedFiles } from './flagged-files.ts'
import type { WorkTreeStatus } from './status.ts'

/** Uncommitted work as a commit. Omitted files are byte strings from the top. */
export interface TakenSnapshot {
  commit: string
  tree: string
  changes: number
  omitted: { path: string; bytes: number }[]
  lossy: string[]
}

export interface SnapshotRequest {
  repository: Repository
  /** The commit checked out; undefined before the first. */
  head: { oid: string; tree: string; seconds: number } | undefined
  changes: WorkTreeStatus['changes']
  flagged: FlaggedFiles
  /** Paths of which nothing that is not committed may be kept, staged or not: byte strings. */
  withheld?: readonly string[]
}

/** What a snapshot keeps at most, bytes: objects in the clone's store are not taken out again. */
const [mostOfOne, mostInAll] = [10_000_000, 200_000_000]
const tries = 3

/**
 * Keeps the work tree as it is (tracked and untracked, not ignored) as a commit under refs/prov/snapshots/, through a
 * copy of the index: the user's own is not touched. The same work gives the same commit. Undefined when there is
 * nothing to keep. Throws `git`.
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
  // Small ones first, so that one large file costs itself and no others.
  let total = 0
  for (const file of files.sort((a, b) => a.bytes - b.bytes)) {
    const fits = file.bytes <= mostOfOne && total + file.bytes <= mostInAll
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

/** Bytes of a file; why it cannot be kept; undefined when it is gone. */
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

/** A file cut short while git maps it kills git (SIGBUS) and leaves its lock: then once more, under another name. */
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
  // What the index holds is in HEAD or was written a moment ago: git need not look for 100,000 objects once more.
  return await must(place, ['write-tree', '--missing-ok'])
}

/**
 * With the time of the original, by which git tells a file written in the second of its entry from an unchanged one
 * (gitformat-index(5), racy entries): under a later time, a change that keeps the size would be passed over.
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
