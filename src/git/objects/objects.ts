import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { ProvError } from '../../base/errors.ts'
import { type Ident, parseIdent } from '../ident.ts'
import { gitFailed, gitResult, type Place, spawnGit } from '../run.ts'

/** An object as `git cat-file --batch` returns it. */
export interface GitObject {
  oid: string
  type: 'blob' | 'tree' | 'commit' | 'tag'
  body: Buffer
}

/** One entry of a tree; `name` is a byte string. */
export interface TreeEntry {
  mode: string
  oid: string
  name: string
}

interface Waiting {
  resolve(object: GitObject | undefined): void
  reject(error: Error): void
}

interface Asked extends Waiting {
  name: string
}

// One by one, git writes and we read each answer separately; from about this many on, a separate buffering git process is
// faster.
const many = 128

/**
 * Reads many objects through one `git cat-file --batch` process, started at the first read. Reads are answered in order.
 * Close it when done.
 */
export class ObjectReader {
  readonly #place: Place
  #child: ChildProcess | undefined
  #waiting: Waiting[] = []
  #unsent: Asked[] = []
  #chunks: Buffer[] = []
  #size = 0
  #needed = 0
  #stderr = ''
  #closed = false
  #preloaded: ReadonlyMap<string, GitObject>

  /** `preloaded`: objects by requested name, from a `cat-file` that ran while we started. */
  constructor(place: Place, preloaded: ReadonlyMap<string, GitObject> = new Map()) {
    this.#place = place
    this.#preloaded = preloaded
  }

  /** The object named by a revision or `<rev>:<path>`, or undefined. Rejects names with a newline. */
  read(name: string): Promise<GitObject | undefined> {
    if (name.includes('\n')) return Promise.reject(new ProvError('record', 'an object name cannot hold a newline'))
    const preloaded = this.#preloaded.get(name) ?? this.#preloaded.get(this.#relativeToHead(name))
    if (preloaded) return Promise.resolve(preloaded)
    // Work that continues after a failure elsewhere must not start a process that nobody would end.
    if (this.#closed) return Promise.reject(new ProvError('git', 'the object reader is closed'))
    return new Promise((resolve, reject) => {
      if (this.#unsent.length === 0) queueMicrotask(() => this.#send())
      this.#unsent.push({ name, resolve, reject })
    })
  }

  /** Sends the requests of one tick in one write; many of them go to a separate git, which buffers its answers. */
  #send(): void {
    const requests = this.#unsent
    this.#unsent = []
    if (requests.length === 0) return
    if (requests.length >= many) {
      void readMany(this.#place, requests)
      return
    }
    this.#waiting.push(...requests)
    this.#start().stdin?.write(requests.map(({ name }) => `${name}\n`).join(''))
  }

  /** Drops preloaded objects, because refs have moved since. */
  forget(): void {
    this.#preloaded = new Map()
  }

  /** Rewrites `<HEAD's name>:x` to `HEAD:x`. */
  #relativeToHead(name: string): string {
    const head = this.#preloaded.get('HEAD')?.oid
    return head && name.startsWith(head) ? `HEAD${name.slice(head.length)}` : name
  }

  /** Reads many objects at once, in order. */
  readAll(names: readonly string[]): Promise<(GitObject | undefined)[]> {
    return Promise.all(names.map((name) => this.read(name)))
  }

  close(): void {
    this.#send()
    this.#closed = true
    this.#child?.stdin?.end()
    for (const part of [this.#child, this.#child?.stdout, this.#child?.stderr])
      (part as { unref?(): void } | undefined)?.unref?.()
    this.#child = undefined
  }

  #start(): ChildProcess {
    if (this.#child) return this.#child
    const child = spawnGit(this.#place, ['cat-file', '--batch'])
    // Partial output of an earlier process that was killed answers none of this one's requests.
    this.#chunks = []
    this.#size = 0
    this.#needed = 0
    child.stdout?.on('data', (chunk: Buffer) => this.#receive(chunk))
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString('utf8')
    })
    child.stdin?.on('error', () => {})
    child.on('error', (error) => this.#fail(error))
    child.on('close', () => this.#fail(gitFailed(['cat-file'], this.#stderr)))
    this.#child = child
    return child
  }

  #fail(error: Error): void {
    for (const { reject } of this.#waiting.splice(0)) reject(error)
    for (const { reject } of this.#unsent.splice(0)) reject(error)
    this.#child = undefined
  }

  #receive(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    if (this.#size < this.#needed) return
    let buffer = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
    this.#needed = 0
    while (buffer.length > 0) {
      const parsed = parseReply(buffer)
      if (typeof parsed === 'number') {
        this.#needed = parsed
        break
      }
      this.#waiting.shift()?.resolve(parsed.object)
      buffer = buffer.subarray(parsed.length)
    }
    this.#chunks = buffer.length ? [buffer] : []
    this.#size = buffer.length
  }
}

async function readMany(place: Place, asked: readonly Asked[]): Promise<void> {
  const child = spawnGit(place, ['cat-file', '--batch', '--buffer'])
  child.stdin?.end(asked.map(({ name }) => `${name}\n`).join(''))
  let rest: Buffer = Buffer.alloc(0)
  let failed: Error | undefined
  try {
    const { stdout, stderr } = await gitResult(child, place)
    rest = stdout
    failed = gitFailed(['cat-file'], stderr)
  } catch (error) {
    failed = error as Error
  }
  for (const { resolve, reject } of asked) {
    const reply = parseReply(rest)
    if (typeof reply === 'number') reject(failed)
    else {
      rest = rest.subarray(reply.length)
      resolve(reply.object)
    }
  }
}

/** One reply and its length; or how many bytes are needed before it can be parsed. */
function parseReply(buffer: Buffer): { object: GitObject | undefined; length: number } | number {
  const newline = buffer.indexOf(10)
  if (newline < 0) return 0
  const header = buffer.toString('utf8', 0, newline)
  const match = header.match(/^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/)
  if (!match) return { object: undefined, length: newline + 1 }
  const end = newline + 1 + Number(match[3])
  if (buffer.length < end + 1) return end + 1
  const body = buffer.subarray(newline + 1, end)
  return { object: { oid: match[1] as string, type: match[2] as GitObject['type'], body }, length: end + 1 }
}

/** Requests for a preloading `git cat-file --batch`, one line per name; the name is repeated so that git returns it with the object. */
export function formatRequests(names: readonly string[]): string {
  return names
    .filter((name) => !/\s/.test(name))
    .map((name) => `${name} ${name}\n`)
    .join('')
}

/** Parses the answers to such requests, in the format `%(objectname) %(objecttype) %(objectsize) %(rest)`. */
export function parseFed(bytes: Buffer): Map<string, GitObject> {
  const fed = new Map<string, GitObject>()
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(10, at)
    if (newline < 0) break
    const match = bytes.toString('utf8', at, newline).match(/^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+) (\S+)$/)
    at = newline + 1
    if (!match) continue
    const end = at + Number(match[3])
    if (end > bytes.length) break
    fed.set(match[4] as string, {
      oid: match[1] as string,
      type: match[2] as GitObject['type'],
      body: bytes.subarray(at, end),
    })
    at = end + 1
  }
  return fed
}

/** The object name git gives to these bytes. */
export function objectName(type: GitObject['type'], bytes: Uint8Array | string, oidLength: 40 | 64): string {
  const body = Buffer.from(bytes as string)
  const hash = createHash(oidLength === 64 ? 'sha256' : 'sha1')
  return hash.update(`${type} ${body.length}\0`).update(body).digest('hex')
}

/** The entries of a tree object, in git's order. */
export function parseTree(tree: GitObject): TreeEntry[] {
  const size = tree.oid.length / 2
  const entries: TreeEntry[] = []
  for (let at = 0; at < tree.body.length; ) {
    const space = tree.body.indexOf(32, at)
    const nul = tree.body.indexOf(0, space)
    // A corrupt tree ends where it stops making sense.
    if (space < 0 || nul < 0) break
    const oid = tree.body.toString('hex', nul + 1, nul + 1 + size)
    entries.push({
      mode: tree.body.toString('latin1', at, space),
      name: tree.body.toString('latin1', space + 1, nul),
      oid,
    })
    at = nul + 1 + size
  }
  return entries
}

export interface Commit {
  oid: string
  tree: string
  parents: string[]
  author: Ident
  committer: Ident
  message: string
}

/** The parts of a commit object (git-cat-file(1), raw form). */
export function parseCommit(object: GitObject): Commit {
  const text = object.body.toString('utf8')
  const split = text.indexOf('\n\n')
  const lines = text.slice(0, split < 0 ? text.length : split).split('\n')
  const values = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1))
  return {
    oid: object.oid,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    author: parseIdent(values('author')[0] ?? ''),
    committer: parseIdent(values('committer')[0] ?? ''),
    message: split < 0 ? '' : text.slice(split + 2),
  }
}
