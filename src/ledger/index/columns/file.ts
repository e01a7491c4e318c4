import { crc32 } from 'node:zlib'
import { asFloats, asWords, type Bytes, bytesOf } from './bytes.ts'
import { StringTable } from './strings.ts'

/** A range of bytes in the data: [offset, length]. */
export type Segment = readonly [number, number]

/** The file is corrupt. It is only a cache, so it is rebuilt. */
export class DamagedIndex extends Error {}

const magic = Buffer.from('git-prov index 2\n       ', 'latin1')
const preamble = magic.length + 16
/** There is a CRC-32 per block of this many bytes, so that a few values of a long segment can be read on their own. */
const block = 4096

/** Writes segments one after another, each aligned to eight bytes. */
export class SegmentWriter {
  readonly #parts: Uint8Array[] = []
  #offset = 0

  add(content: ArrayBufferView): Segment {
    const bytes = bytesOf(content)
    const segment: Segment = [this.#offset, bytes.length]
    const padding = -bytes.length & 7
    this.#parts.push(bytes, new Uint8Array(padding))
    this.#offset += bytes.length + padding
    return segment
  }

  addStrings(strings: StringTable): [Segment, Segment] {
    return [this.add(strings.bytes.all()), this.add(strings.ends)]
  }

  /**
   * File format: magic; header length, data length, CRC-32 of header and checksums, CRC-32 of everything before this field
   * (32 bits each, little endian); header (JSON); one checksum per block of data; data.
   */
  finish(header: object): Buffer {
    const text = Buffer.from(JSON.stringify(header), 'utf8')
    const data = Buffer.concat(this.#parts)
    const sums = new Uint32Array(Math.ceil(data.length / block))
    for (let at = 0; at < sums.length; at++) sums[at] = crc32(data.subarray(at * block, (at + 1) * block))
    const head = Buffer.concat([text, bytesOf(sums)])
    const start = Buffer.concat([magic, bytesOf(Uint32Array.of(text.length, data.length, crc32(head)))])
    return Buffer.concat([start, bytesOf(Uint32Array.of(crc32(start))), head, data])
  }
}

/** Reads bytes from `offset` on and returns how many were read: fewer at the end of the file. */
export type ReadAt = (into: Buffer, offset: number) => number

/** Reads only what is requested. Every read throws `DamagedIndex` when a checksum does not match. */
export class SegmentReader {
  readonly #read: ReadAt
  readonly #base: number
  readonly #length: number
  readonly #sums: Uint32Array
  // Reused for all reads within a single block; the next read is often in the same one.
  readonly #one = Buffer.allocUnsafeSlow(block)
  #oneStart = -1
  readonly header: Record<string, unknown>

  constructor(read: ReadAt) {
    this.#read = read
    const start = Buffer.alloc(preamble)
    if (read(start, 0) < preamble || !start.subarray(0, magic.length).equals(magic)) throw new DamagedIndex('no index')
    const [length = 0, data = 0, sum, sumOfStart] = asWords(start.subarray(magic.length))
    if (crc32(start.subarray(0, preamble - 4)) !== sumOfStart) throw new DamagedIndex('start')
    const head = Buffer.alloc(length + Math.ceil(data / block) * 4)
    if (read(head, preamble) < head.length || crc32(head) !== sum) throw new DamagedIndex('header')
    this.header = JSON.parse(head.toString('utf8', 0, length))
    this.#sums = asWords(head.subarray(length))
    this.#base = preamble + head.length
    this.#length = data
  }

  /** The bytes of a range; a range within one block is valid only until the next block is read. */
  #range(from: number, to: number): Buffer {
    const start = Math.floor(from / block) * block
    return to - start <= block ? this.#block(start).subarray(from - start, to - start) : this.#copy(from, to)
  }

  #block(start: number): Buffer {
    const one = this.#one.subarray(0, Math.min(block, this.#length - start))
    if (start === this.#oneStart) return one
    this.#oneStart = -1
    this.#fill(one, start)
    this.#oneStart = start
    return one
  }

  #copy(from: number, to: number): Buffer {
    const start = Math.floor(from / block) * block
    const bytes = Buffer.allocUnsafe(Math.min(Math.ceil(to / block) * block, this.#length) - start)
    this.#fill(bytes, start)
    return bytes.subarray(from - start, to - start)
  }

  #fill(into: Buffer, start: number): void {
    if (this.#read(into, this.#base + start) < into.length) throw new DamagedIndex('cut short')
    for (let at = 0; at < into.length; at += block)
      if (crc32(into.subarray(at, at + block)) !== this.#sums[(start + at) / block]) throw new DamagedIndex('block')
  }

  part([offset, length]: Segment): Bytes {
    let whole: Buffer | undefined
    let asked = 0
    const all = () => {
      whole ??= this.#copy(offset, offset + length)
      return whole
    }
    return {
      length,
      all,
      slice: (from, to) => {
        asked += block
        if (whole || asked > length) return all().subarray(from, to)
        return Buffer.from(this.#range(offset + from, offset + to))
      },
    }
  }

  /** The numbers at some indexes of a segment. */
  someFloats([offset]: Segment, places: readonly number[]): Float64Array {
    return Float64Array.from(places, (place) => this.#range(offset + place * 8, offset + place * 8 + 8).readDoubleLE())
  }

  someWords([offset]: Segment, places: readonly number[]): Uint32Array {
    return Uint32Array.from(places, (place) => this.#range(offset + place * 4, offset + place * 4 + 4).readUInt32LE())
  }

  bytes(segment: Segment): Buffer {
    return this.part(segment).all()
  }

  floats(segment: Segment): Float64Array {
    return asFloats(this.bytes(segment))
  }

  words(segment: Segment): Uint32Array {
    return asWords(this.bytes(segment))
  }

  strings([bytes, ends]: readonly [Segment, Segment]): StringTable {
    return new StringTable(this.part(bytes), this.words(ends))
  }
}
