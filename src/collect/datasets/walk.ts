import { type BigIntStats, lstatSync, readdirSync, statSync } from 'node:fs'
import { fsPath } from '../../core/path-text.ts'

/** A regular file as the walk met it. `path` is a byte string relative to the folder walked. */
export interface FoundFile {
  path: string
  stat: BigIntStats
}

/** What stands in a folder and is no readable regular file. */
export interface WalkProblem {
  path: string
  reason: string
}

export interface Walk {
  /** In byte order of their paths. */
  files: FoundFile[]
  problems: WalkProblem[]
}

/**
 * All regular files below a folder, symbolic links followed, as `find -L FOLDER -type f` finds them. What find would
 * leave out silently (sockets, devices) or complain of (broken links, loops, folders without permission) is named.
 * Synchronous on purpose: the asynchronous calls cost two to five times as much.
 */
export function walkFolder(folder: string): Walk {
  const walk: Walk = { files: [], problems: [] }
  const top = statSync(fsPath(folder), { bigint: true })
  descend(folder, '', [identity(top)], walk)
  return walk
}

interface Met {
  name: string
  /** The name as it sorts among full paths: folders end in a slash. */
  order: string
  stat: BigIntStats
}

function descend(folder: string, prefix: string, above: readonly string[], walk: Walk): void {
  let names: string[]
  try {
    names = readdirSync(fsPath(folder), { encoding: 'latin1' })
  } catch (error) {
    walk.problems.push({ path: prefix || '.', reason: reasonOf(error) })
    return
  }
  const met: Met[] = []
  for (const name of names) {
    const stat = lookAt(`${folder}/${name}`, prefix + name, walk)
    if (stat) met.push({ name, order: stat.isDirectory() ? `${name}/` : name, stat })
  }
  met.sort((a, b) => (a.order < b.order ? -1 : 1))
  for (const { name, stat } of met) {
    const path = prefix + name
    if (stat.isFile()) walk.files.push({ path, stat })
    else if (!stat.isDirectory()) walk.problems.push({ path, reason: 'not a regular file' })
    else if (above.includes(identity(stat))) walk.problems.push({ path, reason: 'a link to a folder it lies in' })
    else descend(`${folder}/${name}`, `${path}/`, [...above, identity(stat)], walk)
  }
}

function lookAt(path: string, relative: string, walk: Walk): BigIntStats | undefined {
  try {
    const stat = lstatSync(fsPath(path), { bigint: true })
    return stat.isSymbolicLink() ? statSync(fsPath(path), { bigint: true }) : stat
  } catch (error) {
    walk.problems.push({
      path: relative,
      reason: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'a link to nothing' : reasonOf(error),
    })
    return undefined
  }
}

const identity = (stat: BigIntStats) => `${stat.dev} ${stat.ino}`

/** A file system error in words people know, with its code. */
export function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM') return `not readable (${code})`
  if (code === 'ENOENT') return 'gone while being read (ENOENT)'
  if (code === 'ELOOP') return 'a link that leads to itself (ELOOP)'
  return code ? `cannot be read (${code})` : 'cannot be read'
}

/** One file as the walk of its folder would meet it. */
export function walkOne(folder: string, path: string): Walk {
  const walk: Walk = { files: [], problems: [] }
  const stat = lookAt(`${folder}/${path}`, path, walk)
  if (stat?.isFile()) walk.files.push({ path, stat })
  else if (stat && !stat.isDirectory()) walk.problems.push({ path, reason: 'not a regular file' })
  return walk
}
