import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { replaceFile } from '../../base/files.ts'
import { type HashedBlob, hashBlobs } from '../../git/objects/hash-blobs.ts'
import type { Place } from '../../git/run.ts'
import { type Budget, isOver } from './budget.ts'
import type { Unread } from './compose.ts'
import { parseAnnexPointer, parseLfsPointer } from './pointers.ts'

/**
 * What a blob stands for: content; the target of a symbolic link (a byte string); or a git-annex key without a
 * SHA-256, with the size and md5 it names.
 */
export type Known = { digest: string; size: number } | { link: string } | { key: string; size?: number; md5?: string }

export interface Wanted {
  oid: string
  isLink: boolean
  /** Of the blob, in bytes. */
  size: number
}

/** Past this the file is begun anew with what is in use. */
const mostBytes = 64 * 1024 * 1024
const slice = 100

/**
 * What blobs stand for by their git names, kept in an append-only file of JSON lines `[name, known]`. A blob read as a
 * link goes by `<oid>l`: the same bytes in a regular file are content.
 */
export class BlobDigests {
  readonly #file: string
  readonly #place: Place
  readonly #known = new Map<string, Known>()
  readonly #added: string[] = []
  #loaded = false
  #full = false

  constructor(cacheDir: string, { cwd, env }: Place) {
    this.#file = `${cacheDir}/blobs`
    // What a partial clone lacks is said to be lacking: nothing is fetched behind a commit.
    this.#place = { cwd, env: { ...env, GIT_NO_LAZY_FETCH: '1' } }
  }

  get(oid: string, isLink: boolean): Known | undefined {
    return this.#known.get(nameOf({ oid, isLink }))
  }

  /** Reads the blobs that are not known. Returns what is left when the time is over; what was read by then is kept. */
  async learn(blobs: readonly Wanted[], budget: Budget): Promise<Unread> {
    this.#load()
    const wanted = new Map(blobs.filter((blob) => !this.#known.has(nameOf(blob))).map((blob) => [nameOf(blob), blob]))
    if (wanted.size === 0) return undefined
    const queue = [...wanted.values()]
    const total = queue.reduce((bytes, { size }) => bytes + size, 0)
    const progress = { files: 0, totalFiles: queue.length, bytes: 0, totalBytes: total }
    let told = Date.now()
    const keepOn = (bytes: number) => {
      progress.bytes = Math.min(total, progress.bytes + bytes)
      if (Date.now() - told >= slice) {
        told = Date.now()
        budget.onProgress?.(progress)
      }
      return !isOver(budget)
    }
    const onBlob = (_: string, blob: HashedBlob | undefined) => {
      const { oid, isLink } = queue[progress.files++] as Wanted
      if (blob) this.#add(nameOf({ oid, isLink }), inspect(blob, isLink))
    }
    const done =
      keepOn(0) &&
      (await hashBlobs(
        this.#place,
        queue.map(({ oid }) => oid),
        onBlob,
        keepOn,
      ))
    this.#save()
    return done ? undefined : { files: queue.length - progress.files, bytes: total - progress.bytes }
  }

  #add(name: string, known: Known): void {
    this.#known.set(name, known)
    this.#added.push(`${JSON.stringify([name, known])}\n`)
  }

  #load(): void {
    if (this.#loaded) return
    this.#loaded = true
    try {
      const bytes = readFileSync(this.#file)
      this.#full = bytes.length > mostBytes
      for (const line of bytes.toString('latin1').split('\n')) {
        const [name, known] = parseLine(line)
        if (name && known) this.#known.set(name, known)
      }
    } catch {
      // none yet
    }
  }

  #save(): void {
    const text = Buffer.from(this.#added.splice(0).join(''), 'latin1')
    if (text.length === 0) return
    if (this.#full) {
      replaceFile(this.#file, text)
      return
    }
    try {
      mkdirSync(dirname(this.#file), { recursive: true })
      // In one write, so that lines of two processes do not mix; what is torn all the same is not read.
      appendFileSync(this.#file, text)
    } catch {
      // a cache that cannot be written is no error
    }
  }
}

const nameOf = ({ oid, isLink }: { oid: string; isLink: boolean }) => (isLink ? `${oid}l` : oid)

function parseLine(line: string): [string?, Known?] {
  if (!line.endsWith(']')) return []
  try {
    const [name, known] = JSON.parse(line) as [string, Known]
    const whole =
      'digest' in known ? /^[0-9a-f]{64}$/.test(known.digest) && known.size >= 0 : 'link' in known || 'key' in known
    return whole ? [name, known] : []
  } catch {
    return []
  }
}

/** Content, or what a pointer stands for: git-lfs in files only, git-annex in links and in files. */
function inspect({ digest, size, content }: HashedBlob, isLink: boolean): Known {
  const text = content?.toString('latin1') ?? ''
  const pointed = (isLink ? undefined : parseLfsPointer(text)) ?? parseAnnexPointer(text)
  if (pointed?.digest && pointed.size !== undefined) return { digest: pointed.digest, size: pointed.size }
  if (pointed) {
    const { key, size: length, md5 } = pointed
    return { key, ...(length !== undefined && { size: length }), ...(md5 && { md5 }) }
  }
  return isLink ? { link: text } : { digest, size }
}
