/** Bytes that can be read in part. */
export interface Bytes {
  readonly length: number
  all(): Buffer
  slice(from: number, to: number): Buffer
}

export const inMemory = (bytes: Buffer): Bytes => ({
  length: bytes.length,
  all: () => bytes,
  slice: (from, to) => bytes.subarray(from, to),
})

/** The underlying bytes of a typed array. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)

export function asWords(bytes: Buffer): Uint32Array {
  const { buffer, byteOffset, length } = aligned(bytes, 4)
  return new Uint32Array(buffer, byteOffset, length >> 2)
}

export function asFloats(bytes: Buffer): Float64Array {
  const { buffer, byteOffset, length } = aligned(bytes, 8)
  return new Float64Array(buffer, byteOffset, length >> 3)
}

/** Node allocates small buffers from a shared pool, at any offset. */
function aligned(bytes: Buffer, width: number): Uint8Array {
  return bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes)
}
