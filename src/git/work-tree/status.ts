import { messageOf } from '../../base/errors.ts'
import type { Repository } from '../repository.ts'
import { spawnGit } from '../run.ts'

/** How the work tree differs from HEAD below some paths. Paths are byte strings relative to the top. */
export interface WorkTreeStatus {
  changes: { path: string; change: 'added' | 'modified' | 'removed' }[]
  /** Files, and folders that are separate repositories, which end in a slash. */
  ignored: string[]
  /** Why git could not tell. */
  failed?: string
}

/** Ignored files but not the inside of submodules, or the other way round. */
const [withIgnored, withSubmodules] = [['--ignored=traditional', '--ignore-submodules=all'], ['--ignored=no']]

/** One `git status` for all the paths given (byte strings; `''` is everything). Never rejects. */
export function readStatus(repository: Repository, paths: readonly string[]): Promise<WorkTreeStatus> {
  return tryStatus(repository, paths, withIgnored)
}

/** How the whole work tree differs from HEAD, without ignored files. Never rejects. */
export function readChanges(repository: Repository): Promise<WorkTreeStatus> {
  return tryStatus(repository, [''], withSubmodules)
}

async function tryStatus(
  repository: Repository,
  paths: readonly string[],
  options: readonly string[],
): Promise<WorkTreeStatus> {
  try {
    return await runStatus(repository, paths, options)
  } catch (error) {
    return { changes: [], ignored: [], failed: messageOf(error) }
  }
}

async function runStatus(
  repository: Repository,
  paths: readonly string[],
  options: readonly string[],
): Promise<WorkTreeStatus> {
  const args = [
    '--literal-pathspecs',
    'status',
    '--porcelain=v1',
    '-z',
    '--no-renames',
    '--untracked-files=all',
    ...options,
  ]
  const pathspecs = paths.map((path) => (path === '' ? '.' : Buffer.from(path, 'latin1').toString('utf8')))
  const child = spawnGit(repository, [...args, '--', ...pathspecs])
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  const chunks: Buffer[] = []
  let stderr = ''
  child.stdin?.on('error', () => {}).end()
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8')
  })
  const code = await ended
  const status = parseStatus(Buffer.concat(chunks).toString('latin1'))
  return code === 0 ? status : { ...status, failed: messageOf(stderr) || `git status ended with ${code}` }
}

/** git-status(1), porcelain format version 1 with -z. */
export function parseStatus(text: string): WorkTreeStatus {
  const status: WorkTreeStatus = { changes: [], ignored: [] }
  for (const line of text.split('\0')) {
    if (line.length < 4) continue
    const path = line.slice(3)
    if (line.startsWith('!!')) status.ignored.push(path)
    else status.changes.push({ path, change: changeOf(line[0] as string, line[1] as string) })
  }
  return status
}

/** `index` is git's X (the index against HEAD), `workTree` its Y (the work tree against the index). */
function changeOf(index: string, workTree: string): 'added' | 'modified' | 'removed' {
  if (index === '?') return 'added'
  if (workTree === 'D' || (index === 'D' && workTree === ' ')) return 'removed'
  return index === 'A' ? 'added' : 'modified'
}
