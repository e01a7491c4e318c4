import { type BigIntStats, closeSync, fstatSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { replaceFile } from '../../core/replace-file.ts'
import type { FoundFile } from './walk.ts'

// File: magic, then one record a file in the order of the walk, then a CRC-32 of all before it.
// Record: path length (2), mode (4), size, mtime, ctime, inode (8 each), SHA-256 (32), path. Little-endian.
const magic = Buffer.from('git-prov stat cache 1\n', 'latin1')
// Loaded when there is a cache to check: zlib is no part of most commits.
const crc32 = (bytes: Buffer) => process.getBuiltinModule('node:zlib').crc32(bytes)
const fixed = 2 + 4 + 4 * 8 + 32

/** A hashed file: what its digest was when it looked like this. */
export interface CachedFile extends FoundFile {
  digest: string
}

/**
 * Digests of files by what lstat says of them, kept from one look to the next. Read in the order of the walk, which is
 * the order it was written in, so that joining the two is one pass.
 */
export class StatCache {
  readonly #bytes: Buffer
  #at = magic.length

  constructor(path: string) {
    this.#bytes = readWhole(path)
  }

  /** The digest of a file that looks as it did when it was hashed. Files must be asked for in byte order of their paths. */
  find({ path, stat }: FoundFile): string | undefined {
    const bytes = this.#bytes
    while (this.#at < bytes.length) {
      const at = this.#at
      const length = bytes.readUInt16LE(at)
      const name = bytes.toString('latin1', at + fixed, at + fixed + length)
      if (name > path) return undefined
      this.#at = at + fixed + length
      if (name === path) return matches(bytes, at, stat) ? bytes.toString('hex', at + 38, at + 70) : undefined
    }
    return undefined
  }
}

function readWhole(path: string): Buffer {
  try {
    const bytes = readFileSync(path)
    const body = bytes.subarray(0, bytes.length - 4)
    if (body.subarray(0, magic.length).equals(magic) && crc32(body) === bytes.readUInt32LE(body.length)) return body
  } catch {
    // none yet
  }
  return Buffer.alloc(0)
}

function matches(bytes: Buffer, at: number, stat: BigIntStats): boolean {
  return (
    bytes.readUInt32LE(at + 2) === Number(stat.mode) &&
    bytes.readBigUInt64LE(at + 6) === stat.size &&
    bytes.readBigInt64LE(at + 14) === stat.mtimeNs &&
    bytes.readBigInt64LE(at + 22) === stat.ctimeNs &&
    bytes.readBigUInt64LE(at + 30) === stat.ino
  )
}

/**
 * Writes the cache. A file that could have been changed in the same tick of the clock as it was read in is left out
 * (git's racy-timestamp rule): `stamp` is the file system's own time from before the walk, in ns.
 */
export function writeStatCache(path: string, files: readonly CachedFile[], stamp: bigint): void {
  const kept = files.filter(({ stat }) => isSettled(stat, stamp))
  let size = magic.length + 4
  for (const { path: name } of kept) size += fixed + name.length
  const bytes = Buffer.allocUnsafe(size)
  magic.copy(bytes)
  let at = magic.length
  for (const { path: name, stat, digest } of kept) {
    bytes.writeUInt16LE(name.length, at)
    bytes.writeUInt32LE(Number(stat.mode), at + 2)
    bytes.writeBigUInt64LE(stat.size, at + 6)
    bytes.writeBigInt64LE(stat.mtimeNs, at + 14)
    bytes.writeBigInt64LE(stat.ctimeNs, at + 22)
    bytes.writeBigUInt64LE(stat.ino, at + 30)
    bytes.write(digest, at + 38, 'hex')
    bytes.write(name, at + 70, 'latin1')
    at += fixed + name.length
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(0, at)), at)
  replaceFile(path, bytes)
}

const tick = 10_000_000n
const coarseTick = 2_000_000_000n

/** Whether a file's times lie safely before the stamp. A file system without nanoseconds ticks in whole (or two) seconds. */
export function isSettled({ mtimeNs, ctimeNs }: Pick<BigIntStats, 'mtimeNs' | 'ctimeNs'>, stamp: bigint): boolean {
  const newest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs
  const granularity = mtimeNs % 1_000_000_000n === 0n && ctimeNs % 1_000_000_000n === 0n ? coarseTick : tick
  return newest < stamp - granularity
}

/** Now, by the clock of the file system `beside` lies on, in ns. */
export function fileSystemNow(beside: string): bigint {
  const path = `${beside}.${process.pid}.stamp`
  try {
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(path, 'w')
    const { mtimeNs } = fstatSync(file, { bigint: true })
    closeSync(file)
    rmSync(path, { force: true })
    return mtimeNs
  } catch {
    // Then nothing written now is trusted.
    return 0n
  }
}
