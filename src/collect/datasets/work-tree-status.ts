import type { Repository } from '../../git/repository.ts'
import { spawnGit } from '../../git/run.ts'

/** How the work tree differs from HEAD below some paths. Paths are byte strings from the top. */
export interface WorkTreeStatus {
  changes: { path: string; change: 'added' | 'modified' | 'removed' }[]
  ignored: string[]
}

/** One `git status` for all the paths given; started at once, awaited by whoever needs it. */
export async function readStatus(repository: Repository, paths: readonly string[]): Promise<WorkTreeStatus> {
  const args = [
    '--literal-pathspecs',
    'status',
    '--porcelain=v1',
    '-z',
    '--no-renames',
    '--untracked-files=all',
    '--ignored=traditional',
  ]
  const child = spawnGit(repository, [...args, '--', ...paths])
  child.stdin?.end()
  child.stderr?.resume()
  const chunks: Buffer[] = []
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) chunks.push(chunk)
  return parseStatus(Buffer.concat(chunks).toString('latin1'))
}

/** git-status(1), porcelain format version 1 with -z. */
export function parseStatus(text: string): WorkTreeStatus {
  const status: WorkTreeStatus = { changes: [], ignored: [] }
  for (const line of text.split('\0')) {
    if (line.length < 4) continue
    const code = line.slice(0, 2)
    const path = line.slice(3)
    if (code === '!!') {
      if (!path.endsWith('/')) status.ignored.push(path)
    } else {
      const change =
        code === '??' || (code.includes('A') && !code.includes('D'))
          ? 'added'
          : code.includes('D')
            ? 'removed'
            : 'modified'
      status.changes.push({ path, change })
    }
  }
  return status
}
