import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ProvError } from '../../base/errors.ts'
import { durable, type GitResult, gitFailed, type Place, StartedGit } from '../run.ts'

/** A commit to be made. No ref is moved; the caller gets the new commit's name. */
export interface NewCommit {
  /** `Name <mail> <seconds> <zone>`, as author and committer. */
  ident: string
  message: string
  parents: readonly string[]
  /** Start from this tree and not from the first parent's. */
  tree?: string
  /** Paths (ASCII, validated by us) to content, added to the first parent's tree. */
  files: ReadonlyMap<string, Uint8Array | string>
  /** Paths to blobs that are in the repository already. */
  blobs?: ReadonlyMap<string, string>
  /** Paths of folders that are not there to trees; what `blobs` has in them is not named again. */
  folders?: ReadonlyMap<string, string>
  /** Paths to take away; one that is not there is no error. */
  removed?: readonly string[]
}

const args = [...durable, 'fast-import', '--quiet', '--done', '--date-format=raw']

// glibc's allocator (mallopt(3)): fast-import takes and frees each tree at the top of its heap, which at thousands of
// trees costs more in the kernel than all its work.
const allocator = { MALLOC_TOP_PAD_: '16777216', MALLOC_TRIM_THRESHOLD_: '268435456' }

/** A `git fast-import` that waits for its input. */
export function startImport(place: Place, options: readonly string[] = []): StartedGit {
  return new StartedGit({ ...place, env: { ...place.env, ...allocator } }, [...options, ...args])
}

/**
 * Makes commits in one `git fast-import` process and returns their names. Objects are written and synced; refs are
 * not touched. Notes trees are written as plain paths, never with `notemodify`, which reads all notes there are.
 * Throws `git`.
 */
export async function importCommits(
  place: Place & { gitDir: string },
  commits: readonly NewCommit[],
  started = startImport(place),
): Promise<string[]> {
  const result = await started.finish(Buffer.concat(stream(commits)))
  return namesIn(place, result, commits.length)
}

/** The names that fast-import printed. Throws `git` when it failed. */
export function namesIn(place: { gitDir: string }, result: GitResult, count: number): string[] {
  const names = result.stdout.toString('latin1').split('\n').filter(Boolean)
  if (result.status === 0 && names.length === count) return names
  removeCrashReports(place.gitDir)
  throw gitFailed(args, result.stderr || 'it named no new commits')
}

function stream(commits: readonly NewCommit[]): Buffer[] {
  const chunks: Buffer[] = []
  // Thousands of small texts are made into bytes together.
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
    // Only the object is wanted. A branch that is begun anew and has no commit is not written and no lock is taken for
    // it; deleting it (from 0000…) would wait for one that a killed git left behind.
    write(`get-mark :${index + 1}\nreset ${ref}\n\n`)
  })
  chunks.push(Buffer.from(`${text}done\n`, 'utf8'))
  return chunks
}

/** The blobs that lie in none of the folders that are taken whole. */
function outside({ blobs = new Map(), folders = new Map() }: NewCommit): Iterable<[string, string]> {
  if (folders.size === 0) return blobs
  const isInside = (path: string) => {
    for (let at = path.indexOf('/'); at > 0; at = path.indexOf('/', at + 1))
      if (folders.has(path.slice(0, at))) return true
    return false
  }
  return [...blobs].filter(([path]) => !isInside(path))
}

/** fast-import of git 2.39 takes `../x` and `.git/config` into a tree. */
export function isSafePath(path: string): boolean {
  if (/^[a-z]+(\/[0-9a-z-]+)+\.(json|txt|csv)$/.test(path)) return path.length <= 4096
  if (!/^[A-Za-z0-9._/-]{1,4096}$/.test(path)) return false
  return !path.split('/').some((part) => part === '' || part === '.' || part === '..' || /^\.git/i.test(part))
}

/** Throws `bug`: paths are ours. */
export function safe(path: string): string {
  if (isSafePath(path)) return path
  throw new ProvError('bug', `not a path for the branch: ${path}`)
}

/** fast-import leaves its input, which may hold what must not lie about, in a crash report. */
function removeCrashReports(gitDir: string): void {
  for (const name of readdirSync(gitDir)) {
    if (name.startsWith('fast_import_crash_')) rmSync(join(gitDir, name), { force: true })
  }
}
