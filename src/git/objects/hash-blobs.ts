import { createHash, type Hash, hash } from 'node:crypto'
import { type Place, spawnGit } from '../run.ts'

/** A blob's SHA-256 and size in bytes, and its content when it is small. */
export interface HashedBlob {
  digest: string
  size: number
  content: Buffer | undefined
}

/** Called with each blob; undefined for one that this clone lacks. */
export type OnBlob = (oid: string, blob: HashedBlob | undefined) => void

/** Content up to this size is passed on: no git-lfs pointer, git-annex pointer or symlink is longer. */
const small = 32 * 1024
/** How often a blob may end the process (a failed fetch in a partial clone, a corrupt object) before we give up. */
const mostRestarts = 20

/**
 * SHA-256 of blobs of any size through one `git cat-file --batch`, in the order given, holding only one chunk in memory.
 * `keepOn` is called with the bytes read; when it returns false, reading stops. Returns whether all were read.
 */
export async function hashBlobs(
  place: Place,
  oids: readonly string[],
  onBlob: OnBlob,
  keepOn: (bytes: number) => boolean,
): Promise<boolean> {
  let rest = oids
  for (let restarts = 0; rest.length > 0; restarts++) {
    const reader = new BatchReader(rest, onBlob)
    if (!(await reader.read(place, keepOn))) return false
    rest = rest.slice(reader.answered)
    if (rest.length === 0) break
    const lost = restarts < mostRestarts ? rest.slice(0, 1) : rest
    for (const oid of lost) onBlob(oid, undefined)
    rest = rest.slice(lost.length)
  }
  return true
}

class BatchReader {
  answered = 0
  readonly #oids: readonly string[]
  readonly #onBlob: OnBlob
  #header = ''
  #size = 0
  /** Bytes left of the current blob, including its final newline; 0 between blobs. */
  #left = 0
  #hash: Hash | undefined
  #parts: Buffer[] = []

  constructor(oids: readonly string[], onBlob: OnBlob) {
    this.#oids = oids
    this.#onBlob = onBlob
  }

  async read(place: Place, keepOn: (bytes: number) => boolean): Promise<boolean> {
    const child = spawnGit(place, ['cat-file', '--batch', '--buffer'])
    child.stderr?.resume()
    for (const stream of [child, child.stdin]) stream?.on('error', () => {})
    child.stdin?.end(`${this.#oids.join('\n')}\n`)
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      this.#take(chunk)
      if (keepOn(chunk.length)) continue
      child.kill()
      return false
    }
    return true
  }

  #take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      if (this.#left > 0) {
        const piece = chunk.subarray(at, at + this.#left)
        at += piece.length
        this.#content(piece)
      } else {
        const newline = chunk.indexOf(10, at)
        this.#header += chunk.toString('latin1', at, newline < 0 ? chunk.length : newline)
        at = newline < 0 ? chunk.length : newline + 1
        if (newline >= 0) this.#begin()
      }
    }
  }

  #begin(): void {
    const match = this.#header.match(/^[0-9a-f]+ blob (\d+)$/)
    this.#header = ''
    if (!match) {
      this.#onBlob(this.#oids[this.answered++] as string, undefined)
      return
    }
    this.#size = Number(match[1])
    this.#left = this.#size + 1
    this.#parts = []
    this.#hash = this.#size > small ? createHash('sha256') : undefined
  }

  #content(piece: Buffer): void {
    this.#left -= piece.length
    const body = this.#left === 0 ? piece.subarray(0, -1) : piece
    if (this.#hash) this.#hash.update(body)
    else this.#parts.push(body)
    if (this.#left > 0) return
    const content = this.#hash ? undefined : Buffer.concat(this.#parts)
    const digest = this.#hash?.digest('hex') ?? hash('sha256', content as Buffer, 'hex')
    this.#onBlob(this.#oids[this.answered++] as string, { digest, size: this.#size, content })
  }
}
