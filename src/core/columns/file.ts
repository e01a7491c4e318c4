import { crc32 } from 'node:zlib'
import { StringTable } from './strings.ts'

/** Where a run of bytes lies in the file, and its CRC-32: [offset, length, checksum]. */
export type Segment = readonly [number, number, number]

/** The file is not what it was written as. It is a cache: it is made anew. */
export class DamagedIndex extends Error {}

const magic = Buffer.from('git-prov index 1\n       ', 'latin1')
const preamble = magic.length + 8

/** Lays segments one after the other, each at a multiple of eight. */
export class SegmentWriter {
  readonly #parts: Uint8Array[] = []
  #offset = 0

  add(content: ArrayBufferView): Segment {
    const bytes = new Uint8Array(content.buffer, content.byteOffset, content.byteLength)
    const segment: Segment = [this.#offset, bytes.length, crc32(bytes)]
    const padding = -bytes.length & 7
    this.#parts.push(bytes, new Uint8Array(padding))
    this.#offset += bytes.length + padding
    return segment
  }

  addStrings(strings: StringTable): [Segment, Segment] {
    return [this.add(strings.bytes), this.add(strings.ends)]
  }

  /** The file: magic, length and checksum of the header (32 bits each, little endian), header (JSON), segments. */
  finish(header: object): Buffer {
    const text = Buffer.from(JSON.stringify(header), 'utf8')
    const lengths = Buffer.alloc(8)
    lengths.writeUInt32LE(text.length, 0)
    lengths.writeUInt32LE(crc32(text), 4)
    const padding = Buffer.alloc(-text.length & 7, ' ')
    return Buffer.concat([magic, lengths, text, padding, ...this.#parts])
  }
}

/** Reads `length` bytes at `offset`; fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Buffer

/** Reads segments as they are asked for. Every read throws `DamagedIndex` when the bytes are not those written. */
export class SegmentReader {
  readonly #read: ReadAt
  readonly #base: number
  readonly header: Record<string, unknown>

  constructor(read: ReadAt) {
    this.#read = read
    const start = read(0, preamble)
    if (start.length < preamble || !start.subarray(0, magic.length).equals(magic)) throw new DamagedIndex('no index')
    const length = start.readUInt32LE(magic.length)
    const text = read(preamble, length)
    if (text.length !== length || crc32(text) !== start.readUInt32LE(magic.length + 4)) throw new DamagedIndex('header')
    this.header = JSON.parse(text.toString('utf8'))
    this.#base = preamble + length + (-length & 7)
  }

  bytes([offset, length, checksum]: Segment): Buffer {
    const bytes = this.#read(this.#base + offset, length)
    if (bytes.length !== length || crc32(bytes) !== checksum) throw new DamagedIndex('segment')
    return bytes
  }

  floats(segment: Segment): Float64Array {
    const bytes = aligned(this.bytes(segment))
    return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length >> 3)
  }

  words(segment: Segment): Uint32Array {
    const bytes = aligned(this.bytes(segment))
    return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
  }

  strings([bytes, ends]: readonly [Segment, Segment]): StringTable {
    return new StringTable(this.bytes(bytes), this.words(ends))
  }
}

/** Node hands out small buffers from a shared one, at any offset. */
function aligned(bytes: Buffer): Uint8Array {
  return bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes)
}
