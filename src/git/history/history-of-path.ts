import { type Place, tryGit } from '../run.ts'

/** Commits in HEAD's history that changed a file, newest first, without following renames. */
export function commitsOf(place: Place, file: string, most = 1000): string[] {
  const result = tryGit(place, ['log', `--max-count=${most}`, '--format=%H', 'HEAD', '--', `:(top,literal)${file}`])
  return result.status === 0 ? result.stdout.toString('utf8').split('\n').filter(Boolean) : []
}

/** Whether any commit in HEAD's history had a file. */
export function wasEverThere(place: Place, file: string): boolean {
  return commitsOf(place, file, 1).length > 0
}

/** The commit that added each path to an append-only branch; paths that are not on it are left out. */
export function addedBy(place: Place, branch: string, paths: readonly string[]): Map<string, string> {
  const args = [
    'log',
    '--format=commit %H',
    '--diff-filter=A',
    '--name-only',
    '-m',
    branch,
    '--',
    ...paths.map((path) => `:(top,literal)${path}`),
  ]
  const result = tryGit(place, args)
  const added = new Map<string, string>()
  let commit = ''
  // The oldest commit comes last, and wins.
  for (const line of result.stdout.toString('utf8').split('\n')) {
    if (line.startsWith('commit ')) commit = line.slice('commit '.length)
    else if (line !== '') added.set(line, commit)
  }
  return added
}

/** Whether one commit is another's ancestor, or the same commit. */
export function isAncestor(place: Place, ancestor: string, of: string): boolean {
  return tryGit(place, ['merge-base', '--is-ancestor', ancestor, of]).status === 0
}
