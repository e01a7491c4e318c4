import { chmodSync, existsSync, mkdirSync, readFileSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import { writeAtomically } from '../base/files.ts'

const refused = 'is it writable? nothing else was changed'

/** One change init made to a file: its old content (base64; absent: no file) and the new one. */
interface Change {
  /** Relative to the local folder, so that it stays valid when the repository is moved. */
  path: string
  before?: string
  mode?: number
  after: string
}

/**
 * What init did to files, so that uninstall can restore every byte. Stored in the local folder; each change is recorded
 * before it is made.
 */
export class Journal {
  readonly #folder: string
  readonly #file: string
  readonly #changes: Change[]

  constructor(localPath: string) {
    this.#folder = localPath
    this.#file = join(localPath, 'installed.json')
    this.#changes = readChanges(this.#file)
  }

  #find(path: string): Change | undefined {
    const wanted = relative(this.#folder, path)
    return this.#changes.find((change) => change.path === wanted)
  }

  /** Writes a file, remembering its old content. Returns whether anything changed. Throws `io`. */
  write(path: string, text: string, mode?: number): boolean {
    const before = existsSync(path) ? readFileSync(path) : undefined
    if (before?.toString('utf8') === text && (mode === undefined || (statSync(path).mode & 0o777) === mode))
      return false
    this.remember(path, before, text)
    // In place: the file is the user's, and may be a symlink.
    guard(path, () => {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
      if (mode !== undefined) chmodSync(path, mode)
    })
    return true
  }

  /** Records that another program (git config) changes a file from `before` to `after`. */
  remember(path: string, before: Buffer | undefined, after: string): void {
    const known = this.#find(path)
    if (known) known.after = after
    else {
      const mode = before ? statSync(path).mode & 0o777 : undefined
      this.#changes.push({
        path: relative(this.#folder, path),
        after,
        ...(before && { before: before.toString('base64') }),
        ...(mode !== undefined && { mode }),
      })
    }
    writeAtomically(this.#file, JSON.stringify(this.#changes), { hint: refused })
  }

  /** Restores a file if it still holds what we wrote. Returns false when somebody changed it since. */
  restore(path: string): boolean {
    const change = this.#find(path)
    if (!change) return true
    const now = existsSync(path) ? readFileSync(path, 'utf8') : undefined
    if (now !== change.after) return now === undefined
    if (change.before === undefined) {
      rmSync(path, { force: true })
      removeEmpty(dirname(path))
    } else {
      writeFileSync(path, Buffer.from(change.before, 'base64'))
      if (change.mode !== undefined) chmodSync(path, change.mode)
    }
    return true
  }
}

/** Removes a folder that held only our file, such as the hooks folder of a repository created without a template. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // not empty
  }
}

function readChanges(file: string): Change[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Change[]
  } catch {
    return []
  }
}

function guard(path: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    throw new ProvError('io', `cannot write ${path}: ${messageOf(error)}`, {
      cause: error,
      hint: refused,
    })
  }
}
