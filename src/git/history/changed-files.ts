import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Place, streamGit } from '../run.ts'

/** A file in which a commit differs from a parent; `path` is a byte string, an absent side has an all-zero object name. */
export interface ChangedFile {
  path: string
  mode: string
  before: string
  after: string
}

/** A commit with the files it changed. A merge that differs from several parents is reported once for each. */
export interface ChangedCommit {
  oid: string
  tree: string
  parents: string[]
  author: { name: string; email: string }
  /** Author date. */
  time: Date
  message: string
  changes: ChangedFile[]
}

export interface ChangesOptions {
  /** Only commits that changed one of these pathspecs. */
  paths?: readonly string[]
  /** Only commits with this text at the start of a line of their message. */
  messageStart?: string
  /** Report everything such a commit changed, not only those paths. */
  wholeCommits?: boolean
  /** Compare merges with their first parent only. */
  firstParent?: boolean
  /** Full names of refs not to start from; * is a wildcard. */
  except: readonly string[]
}

const fields = ['%H', '%T', '%P', '%an', '%ae', '%at', '%B']

/** The changes of all commits reachable from any ref except the excluded ones, oldest first. */
export async function* streamChanges(place: Place, options: ChangesOptions): AsyncGenerator<ChangedCommit> {
  // Unguessable, so that no message or file name can imitate the start of a commit.
  const mark = randomBytes(12).toString('hex')
  let rest = ''
  for await (const chunk of streamGit(place, toArguments(options, mark))) {
    const pieces = (rest + chunk.toString('latin1')).split(mark)
    rest = pieces.pop() ?? ''
    yield* pieces.filter(Boolean).map(parseCommitPiece)
  }
  if (rest) yield parseCommitPiece(rest)
}

function toArguments(
  { paths, wholeCommits, messageStart, firstParent, except }: ChangesOptions,
  mark: string,
): string[] {
  return [
    'log',
    '--reverse',
    '--topo-order',
    '--full-history',
    '--raw',
    '-z',
    '--no-abbrev',
    '--no-renames',
    '--root',
    firstParent ? '--diff-merges=first-parent' : '-m',
    '--no-notes',
    '--no-show-signature',
    '--encoding=UTF-8',
    '--no-color',
    `--format=${mark}${fields.join('%x00')}%x00`,
    ...(messageStart === undefined ? [] : [`--grep=^${messageStart.replace(/[[\]\\.*^$]/g, '\\$&')}`]),
    ...(wholeCommits ? ['--full-diff'] : []),
    ...except.map((ref) => `--exclude=${ref}`),
    '--all',
    '--',
    ...(paths ?? []),
  ]
}

function parseCommitPiece(piece: string): ChangedCommit {
  const parts = piece.split('\0')
  const [oid = '', tree = '', parents = '', name = '', email = '', seconds = '0', message = ''] = parts.slice(0, 7)
  return {
    oid,
    tree,
    parents: parents.split(' ').filter(Boolean),
    author: { name: text(name), email: text(email) },
    time: new Date(Number(seconds) * 1000),
    message: text(message),
    changes: parseChanges(parts.slice(7)),
  }
}

const text = (latin1: string) => Buffer.from(latin1, 'latin1').toString('utf8')

function parseChanges(parts: readonly string[]): ChangedFile[] {
  const changes: ChangedFile[] = []
  for (let at = 0; at + 1 < parts.length; at++) {
    const match = parts[at]?.match(/^\n?:\d+ (\d+) ([0-9a-f]+) ([0-9a-f]+) [A-Z]/)
    if (!match) continue
    const [, mode = '', before = '', after = ''] = match
    changes.push({ path: parts[at + 1] ?? '', mode, before, after })
    at += 1
  }
  return changes
}

/** The commits whose parents a shallow clone lacks (gitrepository-layout(5), shallow). */
export function shallowCommits({ commonDir }: { commonDir: string }): ReadonlySet<string> {
  const file = join(commonDir, 'shallow')
  return new Set(existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [])
}
