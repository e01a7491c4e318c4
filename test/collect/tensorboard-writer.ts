import { maskedCrc32c } from '../../src/collect/metrics/tensorboard/crc32c.ts'

// The little of protobuf and TFRecord that an event file needs, written and not read.

export function record(data: Buffer): Buffer {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(data.length))
  return Buffer.concat([length, crc(length), data, crc(data)])
}

function crc(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(maskedCrc32c(bytes))
  return sum
}

export function varint(value: number | bigint): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return Buffer.from(bytes)
}

export const integer = (field: number, value: number | bigint) => Buffer.concat([varint(field * 8), varint(value)])
export const bytes = (field: number, value: Buffer | string) =>
  Buffer.concat([varint(field * 8 + 2), varint(Buffer.byteLength(value)), Buffer.from(value as string)])

export function double(field: number, value: number): Buffer {
  const data = Buffer.alloc(8)
  data.writeDoubleLE(value)
  return Buffer.concat([varint(field * 8 + 1), data])
}

export function float(field: number, value: number): Buffer {
  const data = Buffer.alloc(4)
  data.writeFloatLE(value)
  return Buffer.concat([varint(field * 8 + 5), data])
}

export function event(step: number, ...rest: Buffer[]): Buffer {
  return record(Buffer.concat([double(1, 1_764_000_000 + step), integer(2, step), ...rest]))
}

export const version = (number: number) => event(0, bytes(3, `brain.Event:${number}`))
export const summary = (...values: Buffer[]) => bytes(5, Buffer.concat(values.map((value) => bytes(1, value))))
export const simple = (tag: string, value: number) => Buffer.concat([bytes(1, tag), float(2, value)])
export const metadata = (plugin: string, content: Buffer | string = '') =>
  bytes(9, bytes(1, Buffer.concat([bytes(1, plugin), bytes(2, content)])))
export const tensor = (tag: string, ...parts: Buffer[]) =>
  Buffer.concat([bytes(1, tag), bytes(8, Buffer.concat(parts))])
