import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { digestOf } from '../../core/digest.ts'
import { replaceFile } from '../../core/replace-file.ts'
import type { ObjectReader } from '../../git/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { git, spawnGit } from '../../git/run.ts'
import { parseAnnexPointer, parseLfsPointer } from './pointers.ts'
import type { WalkProblem } from './walk.ts'

/** A file as a commit holds it. */
export interface CommittedFile {
  /** Below the dataset's base, a byte string. */
  path: string
  digest: string
  /** Of the content, in bytes: of what a pointer points to, not of the pointer. */
  size: number
}

export interface CommittedFiles {
  files: CommittedFile[]
  problems: WalkProblem[]
  /** Paths of annexed files whose key has no SHA-256: content on disk, if any, has to say it. */
  unkeyed: { path: string; md5?: string; key: string }[]
}

const notHere = 'its blob is not in this clone'

interface Listed {
  path: string
  mode: string
  oid: string
  size: number
}

/**
 * Every file below a tree, fingerprinted as committed: the bytes of its blob, or what a git-lfs pointer or a git-annex
 * key stands for. The result is kept by the tree's name, so a tree that did not change costs one file read.
 * Filters (end of line, smudge) are not applied: what was committed is what git stores.
 */
export async function readCommitted(
  repository: Repository,
  objects: ObjectReader,
  tree: string,
  cacheDir: string,
): Promise<CommittedFiles> {
  const cacheFile = join(cacheDir, 'trees', tree)
  const cached = readTreeCache(cacheFile)
  if (cached) return cached
  const listed = listTree(repository, tree)
  const digests = new BlobDigests(join(cacheDir, 'blobs'))
  const result: CommittedFiles = { files: [], problems: [], unkeyed: [] }
  const byPath = new Map(listed.map((file) => [file.path, file]))
  const regular = listed.filter((file) => file.mode.startsWith('100') || file.mode === '120000')
  await digests.learn(repository, objects, regular)
  for (const file of listed) addFile(result, file, byPath, digests)
  digests.save()
  if (!result.problems.some(({ reason }) => reason === notHere)) replaceFile(cacheFile, JSON.stringify(result))
  return result
}

function readTreeCache(file: string): CommittedFiles | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as CommittedFiles
  } catch {
    return undefined
  }
}

function listTree(repository: Repository, tree: string): Listed[] {
  const text = git(repository, ['ls-tree', '-r', '-z', '--long', '--full-tree', tree]).toString('latin1')
  return text
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const [, mode, oid, size, path] = line.match(/^(\d+) \w+ ([0-9a-f]+) +(\d+|-)\t(.*)$/s) as RegExpMatchArray
      return { mode: mode as string, oid: oid as string, size: Number(size) || 0, path: path as string }
    })
}

function addFile(
  result: CommittedFiles,
  file: Listed,
  byPath: ReadonlyMap<string, Listed>,
  digests: BlobDigests,
): void {
  const { path, mode, oid } = file
  if (mode === '160000') {
    result.problems.push({ path, reason: `a git submodule at ${oid.slice(0, 12)}` })
    return
  }
  const known = digests.get(oid)
  if (!known) result.problems.push({ path, reason: notHere })
  else if ('key' in known) result.unkeyed.push({ path, key: known.key, ...(known.md5 && { md5: known.md5 }) })
  else if (mode !== '120000' || known.pointed) result.files.push({ path, digest: known.digest, size: known.size })
  else addLink(result, file, known.text, byPath, digests)
}

/** A tracked symbolic link stands for the file it leads to in the same tree, as find -L would read it. */
function addLink(
  result: CommittedFiles,
  link: Listed,
  target: string | undefined,
  byPath: ReadonlyMap<string, Listed>,
  digests: BlobDigests,
): void {
  const resolved = target === undefined ? undefined : resolveIn(link.path, target)
  const file = resolved === undefined ? undefined : byPath.get(resolved)
  const known = file && file.mode !== '120000' ? digests.get(file.oid) : undefined
  if (known && 'digest' in known) result.files.push({ path: link.path, digest: known.digest, size: known.size })
  else result.problems.push({ path: link.path, reason: 'a link to something that is no file of the dataset' })
}

function resolveIn(path: string, target: string): string | undefined {
  if (target.startsWith('/')) return undefined
  const parts = path.split('/').slice(0, -1)
  for (const part of target.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined
    } else if (part !== '.' && part !== '') parts.push(part)
  }
  return parts.join('/')
}

/** What a blob holds: content; or a pointer whose key has no SHA-256. `text` is the target of a link that is no pointer. */
type Known = { digest: string; size: number; pointed: boolean; text?: string } | { key: string; md5?: string }

const streamAbove = 32 * 1024 * 1024

/** SHA-256 of blobs by their git names, kept in an append-only file of JSON lines. */
class BlobDigests {
  readonly #file: string
  readonly #known = new Map<string, Known>()
  readonly #added: string[] = []
  /** Grown past use: the next write begins it anew. */
  #full = false

  constructor(file: string) {
    this.#file = file
  }

  get(oid: string): Known | undefined {
    return this.#known.get(oid)
  }

  async learn(repository: Repository, objects: ObjectReader, files: readonly Listed[]): Promise<void> {
    this.#load()
    const wanted = [...new Map(files.map((file) => [file.oid, file])).values()].filter(
      ({ oid }) => !this.#known.has(oid),
    )
    let batch: Listed[] = []
    let bytes = 0
    for (const file of wanted) {
      if (file.size > streamAbove) {
        await this.#stream(repository, file)
        continue
      }
      batch.push(file)
      bytes += file.size
      if (batch.length >= 512 || bytes > streamAbove) {
        await this.#readBatch(objects, batch)
        batch = []
        bytes = 0
      }
    }
    await this.#readBatch(objects, batch)
  }

  async #readBatch(objects: ObjectReader, batch: readonly Listed[]): Promise<void> {
    const blobs = await objects.readAll(batch.map(({ oid }) => oid))
    for (const [index, { oid, mode }] of batch.entries()) {
      const body = blobs[index]?.body
      if (body) this.#add(oid, inspect(body, mode === '120000'))
    }
  }

  async #stream(repository: Repository, { oid, size }: Listed): Promise<void> {
    const child = spawnGit(repository, ['cat-file', 'blob', oid])
    child.stdin?.end()
    child.stderr?.resume()
    const hash = createHash('sha256')
    let length = 0
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      hash.update(chunk)
      length += chunk.length
    }
    if (length === size) this.#add(oid, { digest: hash.digest('hex'), size, pointed: false })
  }

  #add(oid: string, known: Known): void {
    this.#known.set(oid, known)
    this.#added.push(`${JSON.stringify([oid, known])}\n`)
  }

  #load(): void {
    try {
      this.#full = statSync(this.#file).size > 64 * 1024 * 1024
      if (this.#full) return
      for (const line of readFileSync(this.#file, 'utf8').split('\n')) {
        if (!line.endsWith(']')) continue
        const [oid, known] = JSON.parse(line) as [string, Known]
        this.#known.set(oid, known)
      }
    } catch {
      // none yet, or torn: what is not known is read again
    }
  }

  save(): void {
    if (this.#added.length === 0) return
    try {
      mkdirSync(dirname(this.#file), { recursive: true })
      writeFileSync(this.#file, this.#added.join(''), { flag: this.#full ? 'w' : 'a' })
    } catch {
      // a cache that cannot be written is no error
    }
  }
}

function inspect(body: Buffer, isLink: boolean): Known {
  const text = body.length < 32_768 ? body.toString('latin1') : ''
  const pointed = (isLink ? undefined : parseLfsPointer(text)) ?? parseAnnexPointer(text)
  if (pointed?.digest && pointed.size !== undefined)
    return { digest: pointed.digest, size: pointed.size, pointed: true }
  if (pointed) return { key: pointed.key, ...(pointed.md5 && { md5: pointed.md5 }) }
  return { digest: digestOf(body), size: body.length, pointed: false, ...(isLink && { text }) }
}
