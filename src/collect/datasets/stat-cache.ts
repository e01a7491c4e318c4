import { readFileSync } from 'node:fs'
import { replaceFile } from '../../base/files.ts'
import { formatManifest, type ManifestEntry } from '../../records/branch/manifest.ts'
import type { FileState } from './walk.ts'

// File: magic and number of files; five 64-bit words a file (size, mtime, ctime, inode, mode); the manifest of the
// files, in the same order; a CRC-32 of all before it. The manifest is the dataset's own when nothing changed, so that
// a look at unchanged files builds no text. Words are in the machine's own order: the cache never leaves it.
const magic = Buffer.from('git-prov stat cache 2\n\0\0', 'latin1')
const header = magic.length + 8
const words = 5
// Loaded when there is a cache to check: zlib is no part of most commits.
const crc32 = (bytes: Buffer) => process.getBuiltinModule('node:zlib').crc32(bytes)

/** Five words of what lstat said. */
export type StatWords = readonly [bigint, bigint, bigint, bigint, bigint]

/** A hashed file: what its digest was when it looked like this. */
export interface CachedFile extends ManifestEntry {
  words: StatWords
  /** Whether it may be trusted the next time: see `isSettled`. */
  settled: boolean
}

export function wordsOf({ size, mtimeNs, ctimeNs, ino, mode }: FileState): StatWords {
  return [size, mtimeNs, ctimeNs, BigInt.asIntN(64, ino), mode]
}

/**
 * Digests of files by what lstat says of them, kept from one look to the next. Read in the order of the walk, which is
 * the order it was written in, so that joining the two is one pass.
 */
export class StatCache {
  readonly #count: number
  readonly #words: BigInt64Array
  readonly #manifest: Buffer
  readonly #text: string
  /** Of the files found: which one each is, and where its line begins. */
  readonly #found: number[] = []
  readonly #lines: number[] = []
  #index = 0
  #at = 0
  #exact = true

  constructor(path: string) {
    const bytes = readWhole(path)
    this.#count = bytes ? Number(bytes.readBigUInt64LE(magic.length)) : 0
    const start = bytes ? bytes.byteOffset + header : 0
    this.#words = bytes ? new BigInt64Array(bytes.buffer, start, this.#count * words) : new BigInt64Array()
    this.#manifest = bytes ? bytes.subarray(header + this.#count * words * 8) : Buffer.alloc(0)
    this.#text = this.#manifest.toString('latin1')
  }

  /** Whether a file looks as it did when it was hashed. Files must be asked for in byte order of their paths. */
  find(path: string, stat: FileState): boolean {
    while (this.#index < this.#count) {
      const end = this.#text.indexOf('\n', this.#at)
      const name = this.#name(this.#at, end)
      if (name !== path && name > path) break
      const index = this.#index++
      const at = this.#at
      this.#at = end + 1
      if (name !== path) this.#exact = false
      else if (this.#same(index, stat)) {
        this.#found.push(index)
        this.#lines.push(at)
        return true
      } else break
    }
    this.#exact = false
    return false
  }

  /** The manifest of the files asked for, when all were found and are all there is. */
  get manifest(): Buffer | undefined {
    return this.#exact && this.#index === this.#count && this.#count > 0 ? this.#manifest : undefined
  }

  /** The files that were found. */
  found(): CachedFile[] {
    return this.#found.map((index, i) => {
      const at = this.#lines[i] as number
      const start = this.#isEscaped(at) ? at + 1 : at
      return {
        path: this.#name(at, this.#text.indexOf('\n', at)),
        digest: this.#text.slice(start, start + 64),
        words: [...this.#words.subarray(index * words, (index + 1) * words)] as unknown as StatWords,
        settled: true,
      }
    })
  }

  #isEscaped(at: number): boolean {
    return this.#text.charCodeAt(at) === 92
  }

  #name(at: number, end: number): string {
    if (!this.#isEscaped(at)) return this.#text.slice(at + 66, end)
    return this.#text
      .slice(at + 67, end)
      .replace(/\\([nr\\])/g, (_, c: string) => (c === 'n' ? '\n' : c === 'r' ? '\r' : '\\'))
  }

  #same(index: number, stat: FileState): boolean {
    const at = index * words
    return (
      this.#words[at] === stat.size &&
      this.#words[at + 1] === stat.mtimeNs &&
      this.#words[at + 2] === stat.ctimeNs &&
      this.#words[at + 3] === BigInt.asIntN(64, stat.ino) &&
      this.#words[at + 4] === stat.mode
    )
  }
}

function readWhole(path: string): Buffer | undefined {
  try {
    const bytes = readFileSync(path)
    const body = bytes.subarray(0, bytes.length - 4)
    if (!body.subarray(0, magic.length).equals(magic)) return undefined
    if (crc32(body) !== bytes.readUInt32LE(body.length)) return undefined
    return body.byteOffset % 8 === 0 ? body : Buffer.from(new Uint8Array(body).buffer)
  } catch {
    return undefined
  }
}

/** Writes the cache of the settled ones of some files, which are in byte order of their paths. */
export function writeStatCache(path: string, files: readonly CachedFile[]): void {
  const kept = files.filter(({ settled }) => settled)
  const fields = new BigInt64Array(1 + kept.length * words)
  fields[0] = BigInt(kept.length)
  for (const [index, file] of kept.entries()) fields.set(file.words, 1 + index * words)
  const bytes = Buffer.concat([magic, Buffer.from(fields.buffer), formatManifest(kept), Buffer.alloc(4)])
  bytes.writeUInt32LE(crc32(bytes.subarray(0, -4)), bytes.length - 4)
  replaceFile(path, bytes)
}
