import { asBytes, asInteger, asText, readFields, readVarints } from './protobuf.ts'

/** tensorflow/core/framework/types.proto: how one element of each type lies in tensor_content. */
const elements: Record<number, { bytes: number; read: (bytes: Buffer) => number }> = {
  1: { bytes: 4, read: (bytes) => bytes.readFloatLE(0) },
  2: { bytes: 8, read: (bytes) => bytes.readDoubleLE(0) },
  3: { bytes: 4, read: (bytes) => bytes.readInt32LE(0) },
  4: { bytes: 1, read: (bytes) => bytes.readUInt8(0) },
  5: { bytes: 2, read: (bytes) => bytes.readInt16LE(0) },
  6: { bytes: 1, read: (bytes) => bytes.readInt8(0) },
  9: { bytes: 8, read: (bytes) => Number(bytes.readBigInt64LE(0)) },
  10: { bytes: 1, read: (bytes) => bytes.readUInt8(0) },
  14: { bytes: 2, read: (bytes) => fromBfloat16(bytes.readUInt16LE(0)) },
  17: { bytes: 2, read: (bytes) => bytes.readUInt16LE(0) },
  19: { bytes: 2, read: (bytes) => fromHalf(bytes.readUInt16LE(0)) },
  22: { bytes: 4, read: (bytes) => bytes.readUInt32LE(0) },
  23: { bytes: 8, read: (bytes) => Number(bytes.readBigUInt64LE(0)) },
}
/** Two elements are as good as a million: it is no scalar. */
const enough = 2
const half = 19
const text = 7

/** The one number of a TensorProto (tensor.proto); undefined when it has none or several. */
export function readScalarTensor(bytes: Buffer): number | undefined {
  let type = 0
  let content: Buffer | undefined
  const found: number[] = []
  for (const [field, value] of readFields(bytes)) {
    if (field === 1) type = asInteger(value)
    else if (field === 4) content = asBytes(value)
    else if (field === 5) found.push(...fixed(asBytes(value), 4))
    else if (field === 6) found.push(...fixed(asBytes(value), 8))
    else if (field === 8 && type === text) found.push(Number(asText(value)))
    else if (field === 13) found.push(...readVarints(value, enough).map((bits) => fromBits(type, Number(bits))))
    else if ([7, 10, 11, 16, 17].includes(field))
      found.push(...readVarints(value, enough).map((n) => fromVarint(field, n)))
  }
  const element = elements[type]
  if (content?.length && element) return content.length === element.bytes ? element.read(content) : undefined
  // A value of zero may be left out altogether.
  if (found.length === 0) return element && !content?.length ? 0 : undefined
  return found.length === 1 ? found[0] : undefined
}

function fixed(bytes: Buffer, size: 4 | 8): number[] {
  const read = (at: number) => (size === 4 ? bytes.readFloatLE(at) : bytes.readDoubleLE(at))
  return Array.from({ length: Math.min(enough, Math.floor(bytes.length / size)) }, (_, index) => read(index * size))
}

const fromBits = (type: number, bits: number) => (type === half ? fromHalf(bits) : fromBfloat16(bits))
/** uint32_val and uint64_val are unsigned. */
const fromVarint = (field: number, value: bigint) => Number(field >= 16 ? value : BigInt.asIntN(64, value))

/** IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The upper half of an IEEE 754 binary32. */
function fromBfloat16(bits: number): number {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE((bits & 0xffff) * 0x10000)
  return bytes.readFloatLE(0)
}
