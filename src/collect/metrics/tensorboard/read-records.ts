import { readChunks } from '../read-lines.ts'
import { maskedCrc32c } from './crc32c.ts'

const headBytes = 12
const footBytes = 4
/** A record beyond this (a graph, an image) is passed over: a scalar is a hundred bytes. */
const maxRecord = 16 * 1024 * 1024

/**
 * The records of a TFRecord file (uint64 length, its masked CRC-32C, the data, its masked CRC-32C). A damaged record is
 * told and passed over; where a length is damaged nothing behind it can be found. A last record that is cut short is
 * still being written: no error.
 */
export function readRecords(file: string, onRecord: (data: Buffer) => void, onProblem: (reason: string) => void): void {
  let rest: Buffer = Buffer.alloc(0)
  let skip = 0
  let position = 0
  for (const piece of readChunks(file)) {
    const chunk = piece.subarray(Math.min(skip, piece.length))
    skip -= piece.length - chunk.length
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let from = 0
    while (bytes.length - from >= headBytes) {
      const length = Number(bytes.readBigUInt64LE(from))
      if (maskedCrc32c(bytes.subarray(from, from + 8)) !== bytes.readUInt32LE(from + 8)) {
        onProblem(`damaged at byte ${position + from}: the length of a record does not fit its checksum`)
        return
      }
      const end = from + headBytes + length + footBytes
      if (length > maxRecord) {
        skip = Math.max(0, end - bytes.length)
        from = Math.min(end, bytes.length)
        break
      }
      if (bytes.length < end) break
      const data = bytes.subarray(from + headBytes, end - footBytes)
      if (maskedCrc32c(data) === bytes.readUInt32LE(end - footBytes)) onRecord(data)
      else onProblem(`damaged at byte ${position + from}: a record does not fit its checksum`)
      from = end
    }
    position += from
    // The chunk is one buffer used again: what is kept must be a copy.
    rest = Buffer.from(bytes.subarray(from))
  }
}
