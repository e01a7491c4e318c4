/** A field's value by wire type: a varint, eight or four bytes, or a length-delimited run of bytes. */
type Wire = bigint | Buffer

/**
 * The fields of a protobuf message (Protocol Buffers, "Encoding"), in order. Throws RangeError when the bytes are not
 * one.
 */
export function* readFields(bytes: Buffer): Generator<[field: number, value: Wire]> {
  const cursor = { at: 0 }
  while (cursor.at < bytes.length) {
    const key = Number(readVarint(bytes, cursor))
    yield [key >>> 3, readValue(bytes, cursor, key & 7)]
  }
}

function readValue(bytes: Buffer, cursor: { at: number }, type: number): Wire {
  if (type === 0) return readVarint(bytes, cursor)
  const length = type === 1 ? 8 : type === 5 ? 4 : type === 2 ? Number(readVarint(bytes, cursor)) : -1
  if (length < 0 || cursor.at + length > bytes.length) throw new RangeError('not a protobuf message')
  cursor.at += length
  return bytes.subarray(cursor.at - length, cursor.at)
}

function readVarint(bytes: Buffer, cursor: { at: number }): bigint {
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = bytes[cursor.at++]
    if (byte === undefined) break
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
  throw new RangeError('not a protobuf message')
}

/** The first of a packed list of varints; a single one counts as a list. */
export function readVarints(value: Wire, most: number): bigint[] {
  if (typeof value === 'bigint') return [value]
  const cursor = { at: 0 }
  const values: bigint[] = []
  while (cursor.at < value.length && values.length < most) values.push(readVarint(value, cursor))
  return values
}

export function asBytes(value: Wire): Buffer {
  if (typeof value === 'bigint') throw new RangeError('a number where bytes were expected')
  return value
}

export const asText = (value: Wire): string => asBytes(value).toString('utf8')
/** int32, int64 and enums are two's complement in 64 bits. */
export const asInteger = (value: Wire): number =>
  typeof value === 'bigint' ? Number(BigInt.asIntN(64, value)) : Number.NaN
export const asDouble = (value: Wire): number => asBytes(value).readDoubleLE(0)
export const asFloat = (value: Wire): number => asBytes(value).readFloatLE(0)
