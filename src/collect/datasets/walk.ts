import { type BigIntStats, lstatSync, readdirSync, statSync } from 'node:fs'
import { fsPath } from '../../base/path-text.ts'

/** What a file looks like from outside: every write changes one of these (git's racy-git rule, its stat data). */
export interface FileState {
  size: bigint
  mtimeNs: bigint
  ctimeNs: bigint
  ino: bigint
  mode: bigint
  dev: bigint
}

/** What stands in a folder and is no readable regular file. */
export interface WalkProblem {
  path: string
  reason: string
}

/** What a walk tells of what it meets, in byte order of the paths, which are byte strings below the folder walked. */
export interface Visitor {
  file(path: string, stat: BigIntStats): void
  /** A folder that is entered; its path ends in a slash, but for the first, which is `''`. */
  folder?(path: string, stat: BigIntStats): void
  /** `whole`: a folder of which nothing was seen, so that no pattern can tell whether it matters. */
  problem(path: string, reason: string, whole: boolean): void
  /** Asked now and then; false ends the walk. */
  keepOn?(): boolean
}

/**
 * All regular files below a folder, symbolic links followed, as `find -L FOLDER -type f` finds them. What find would
 * leave out silently (sockets, devices) or complain of (broken links, loops, folders without permission) is named, and
 * so is the `.git` of a repository in it, whose files git rewrites as it likes. `paths` are files and folders below
 * `folder` to begin with, in byte order; `''` is the folder itself. Returns false when it was ended early.
 * Synchronous on purpose: the asynchronous calls cost two to five times as much.
 */
export function walk(folder: string, paths: readonly string[], visitor: Visitor): boolean {
  const walker = new Walker(visitor)
  for (const path of paths) walker.visit(path === '' ? folder : `${folder}/${path}`, path, [])
  return !walker.ended
}

const kindOf = (stat: BigIntStats) => Number(stat.mode) & 0o170000
const [folderKind, fileKind, linkKind] = [0o040000, 0o100000, 0o120000]

interface Postponed {
  name: string
  /** The name as it sorts among full paths: folders end in a slash. */
  order: string
  stat: BigIntStats
}

class Walker {
  ended = false
  readonly #visitor: Visitor
  #count = 0

  constructor(visitor: Visitor) {
    this.#visitor = visitor
  }

  visit(path: string, relative: string, above: readonly string[]): void {
    const stat = this.#look(path, relative)
    if (stat && kindOf(stat) === folderKind) this.#enter(path, relative, stat, above)
    else if (stat) this.#take(relative, stat)
  }

  #take(path: string, stat: BigIntStats): void {
    if (kindOf(stat) === fileKind) this.#visitor.file(path, stat)
    else this.#visitor.problem(path, 'not a regular file', false)
  }

  #enter(path: string, relative: string, stat: BigIntStats, above: readonly string[]): void {
    const identity = `${stat.dev} ${stat.ino}`
    if (above.includes(identity)) this.#visitor.problem(relative, 'a link to a folder it lies in', false)
    else this.#descend(path, relative === '' ? '' : `${relative}/`, stat, [...above, identity])
  }

  /** Names come sorted; a folder waits until the files that sort between its name and its content are done. */
  #descend(folder: string, prefix: string, stat: BigIntStats, above: readonly string[]): void {
    this.#visitor.folder?.(prefix, stat)
    let postponed: Postponed[] = []
    for (const name of this.#names(folder, prefix)) {
      if (postponed.length > 0) postponed = this.#enterBefore(name, folder, prefix, postponed, above)
      if (this.ended) return
      const met = this.#look(`${folder}/${name}`, prefix + name)
      if (!met) continue
      if (kindOf(met) === folderKind) postponed.push({ name, order: `${name}/`, stat: met })
      else this.#take(prefix + name, met)
    }
    this.#enterBefore(undefined, folder, prefix, postponed, above)
  }

  #enterBefore(
    name: string | undefined,
    folder: string,
    prefix: string,
    postponed: Postponed[],
    above: readonly string[],
  ): Postponed[] {
    const due = postponed.filter(({ order }) => name === undefined || order < name)
    if (due.length === 0) return postponed
    due.sort((a, b) => (a.order < b.order ? -1 : 1))
    for (const next of due) {
      if (!this.ended) this.#enter(`${folder}/${next.name}`, prefix + next.name, next.stat, above)
    }
    return due.length === postponed.length ? [] : postponed.filter((one) => !due.includes(one))
  }

  #names(folder: string, prefix: string): string[] {
    try {
      const names = readdirSync(fsPath(folder), { encoding: 'latin1' }).sort()
      if (!names.includes('.git')) return names
      this.#visitor.problem(`${prefix}.git`, 'the inside of a git repository is left out', true)
      return names.filter((name) => name !== '.git')
    } catch (error) {
      this.#visitor.problem(prefix.slice(0, -1), reasonOf(error), true)
      return []
    }
  }

  #look(path: string, relative: string): BigIntStats | undefined {
    if ((++this.#count & 1023) === 0 && this.#visitor.keepOn?.() === false) this.ended = true
    try {
      const stat = lstatSync(fsPath(path), { bigint: true })
      return kindOf(stat) === linkKind ? statSync(fsPath(path), { bigint: true }) : stat
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      this.#visitor.problem(relative, code === 'ENOENT' ? 'a link to nothing' : reasonOf(error), false)
      return undefined
    }
  }
}

/** The parts worth keeping: a whole BigIntStats is 400 bytes. */
export function stateOf({ size, mtimeNs, ctimeNs, ino, mode, dev }: FileState): FileState {
  return { size, mtimeNs, ctimeNs, ino, mode, dev }
}

/** A file system error in words people know, with its code. */
export function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM') return `not readable (${code})`
  if (code === 'ENOENT') return 'gone while being read (ENOENT)'
  if (code === 'ELOOP') return 'a link that leads to itself (ELOOP)'
  return code ? `cannot be read (${code})` : 'cannot be read'
}
