import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ProvError } from '../../base/errors.ts'
import { durable, type GitResult, gitFailed, type Place, StartedGit } from '../run.ts'

/** A commit to create. No ref moves; the caller gets the new commit's name. */
export interface NewCommit {
  /** `Name <mail> <seconds> <zone>`, as author and committer. */
  ident: string
  message: string
  parents: readonly string[]
  /** Start from this tree instead of the first parent's. */
  tree?: string
  /** Paths (ASCII, validated here) to content, added to the first parent's tree. */
  files: ReadonlyMap<string, Uint8Array | string>
  /** Paths to blobs already in the repository. */
  blobs?: ReadonlyMap<string, string>
  /** Paths of new folders to trees; `blobs` inside them are not written again. */
  folders?: ReadonlyMap<string, string>
  /** Paths to remove; missing ones are ignored. */
  removed?: readonly string[]
}

const args = [...durable, 'fast-import', '--quiet', '--done', '--date-format=raw']

// glibc's allocator (mallopt(3)): fast-import allocates and frees each tree at the top of its heap, which for thousands
// of trees costs more in the kernel than all its other work.
const allocator = { MALLOC_TOP_PAD_: '16777216', MALLOC_TRIM_THRESHOLD_: '268435456' }

/** A `git fast-import` that waits for its input. */
export function startImport(place: Place, options: readonly string[] = []): StartedGit {
  return new StartedGit({ ...place, env: { ...place.env, ...allocator } }, [...options, ...args])
}

/**
 * Creates commits in one `git fast-import` process and returns their names. Objects are written and synced; refs are
 * not touched. Notes trees are written as plain paths, never with `notemodify`, which reads all existing notes. Throws
 * `git`.
 */
export async function importCommits(
  place: Place & { gitDir: string },
  commits: readonly NewCommit[],
  started = startImport(place),
): Promise<string[]> {
  const result = await started.finish(Buffer.concat(stream(commits)))
  return namesIn(place, result, commits.length)
}

/** The commit names that fast-import printed. Throws `git` when it failed. */
export function namesIn(place: { gitDir: string }, result: GitResult, count: number): string[] {
  const names = result.stdout.toString('latin1').split('\n').filter(Boolean)
  if (result.status === 0 && names.length === count) return names
  removeCrashReports(place.gitDir)
  throw gitFailed(args, result.stderr || 'it named no new commits')
}

function stream(commits: readonly NewCommit[]): Buffer[] {
  const chunks: Buffer[] = []
  // Thousands of small texts are encoded together.
  let text = ''
  const write = (more: string) => {
    text += more
  }
  const data = (content: Uint8Array | string) => {
    if (typeof content === 'string') return write(`data ${Buffer.byteLength(content)}\n${content}\n`)
    chunks.push(Buffer.from(`${text}data ${content.length}\n`, 'utf8'))
    chunks.push(Buffer.from(content.buffer, content.byteOffset, content.byteLength))
    text = '\n'
  }
  commits.forEach((commit, index) => {
    const ref = `refs/prov/tmp/${index + 1}`
    write(`commit ${ref}\nmark :${index + 1}\nauthor ${commit.ident}\ncommitter ${commit.ident}\n`)
    data(commit.message)
    for (const [i, parent] of commit.parents.entries()) write(`${i === 0 ? 'from' : 'merge'} ${parent}\n`)
    if (commit.tree) write(`M 040000 ${commit.tree} \n`)
    for (const path of commit.removed ?? []) write(`D ${safe(path)}\n`)
    for (const [path, oid] of commit.folders ?? []) write(`M 040000 ${oid} ${safe(path)}\n`)
    for (const [path, oid] of outside(commit)) write(`M 100644 ${oid} ${safe(path)}\n`)
    for (const [path, bytes] of commit.files) {
      write(`M 100644 inline ${safe(path)}\n`)
      data(bytes)
    }
    // Only the object is wanted. A branch that is reset and has no commit is not written and takes no lock; deleting it
    // (from 0000…) would wait for a lock that a killed git left behind.
    write(`get-mark :${index + 1}\nreset ${ref}\n\n`)
  })
  chunks.push(Buffer.from(`${text}done\n`, 'utf8'))
  return chunks
}

/** The blobs outside the folders that are added as whole trees. */
function outside({ blobs = new Map(), folders = new Map() }: NewCommit): Iterable<[string, string]> {
  if (folders.size === 0) return blobs
  const isInside = (path: string) => {
    for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1))
      if (folders.has(path.slice(0, at))) return true
    return false
  }
  return [...blobs].filter(([path]) => !isInside(path))
}

/** fast-import of git 2.39 accepts `../x` and `.git/config` in a tree. */
export function isSafePath(path: string): boolean {
  if (/^[a-z]+(\/[0-9a-z-]+)+\.(json|txt|csv)$/.test(path)) return path.length <= 4096
  if (!/^[A-Za-z0-9._/-]{1,4096}$/.test(path)) return false
  return !path.split('/').some((part) => part === '' || part === '.' || part === '..' || /^\.git/i.test(part))
}

/** Throws `bug`, since we made the paths. */
export function safe(path: string): string {
  if (isSafePath(path)) return path
  throw new ProvError('bug', `not a path for the branch: ${path}`)
}

/** fast-import leaves its input, which may contain private data, in a crash report. */
function removeCrashReports(gitDir: string): void {
  for (const name of readdirSync(gitDir)) {
    if (name.startsWith('fast_import_crash_')) rmSync(join(gitDir, name), { force: true })
  }
}
