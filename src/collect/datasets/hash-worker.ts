/** What a worker shares with the thread that started it; see `HashPool`. */
export interface SharedWork {
  /** Paths one after the other; file i is `offsets[i]` to `offsets[i + 1]`. */
  paths: SharedArrayBuffer
  offsets: SharedArrayBuffer
  /** Five 64-bit words a file: size, mtime, ctime, inode, mode. */
  words: SharedArrayBuffer
  /** 32 bytes a file. */
  digests: SharedArrayBuffer
  /** A byte a file: 0 not done, 1 done, 2 left to the thread that started us. */
  states: SharedArrayBuffer
  /** 32-bit: the next file to take; whether to stop; KiB read. */
  control: SharedArrayBuffer
}

/**
 * Runs in a worker, as text: it must not use anything from outside itself. Hashes the files it takes in turn; one that
 * cannot be read, or does not look as it did, is left to the other side, which knows what to say of it.
 */
export function hashWorker(): void {
  const { closeSync, constants, fstatSync, openSync, readSync } = process.getBuiltinModule('node:fs')
  const { createHash, hash } = process.getBuiltinModule('node:crypto')
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads')
  const shared = workerData as SharedWork
  const offsets = new Uint32Array(shared.offsets)
  const words = new BigInt64Array(shared.words)
  const states = new Uint8Array(shared.states)
  const control = new Int32Array(shared.control)
  const chunk = Buffer.allocUnsafe(1024 * 1024)

  function readFrom(file: number): number {
    const length = readSync(file, chunk, 0, chunk.length, null)
    Atomics.add(control, 2, (length + 1023) >> 10)
    return length
  }

  function digestOf(file: number, size: bigint): Buffer {
    if (size < chunk.length) return hash('sha256', chunk.subarray(0, readFrom(file)), 'buffer')
    const sha256 = createHash('sha256')
    for (let length = -1; length !== 0 && Atomics.load(control, 1) === 0; ) {
      length = readFrom(file)
      sha256.update(chunk.subarray(0, length))
    }
    return sha256.digest()
  }

  function take(file: number, at: number, index: number): boolean {
    const digest = digestOf(file, words[at] as bigint)
    const { size, mtimeNs, ctimeNs, ino, mode } = fstatSync(file, { bigint: true })
    if (size !== words[at] || mtimeNs !== words[at + 1] || ctimeNs !== words[at + 2]) return false
    if (BigInt.asIntN(64, ino) !== words[at + 3] || mode !== words[at + 4]) return false
    if (Atomics.load(control, 1) !== 0) return false
    new Uint8Array(shared.digests, index * 32, 32).set(digest)
    return true
  }

  for (;;) {
    const index = Atomics.add(control, 0, 1)
    if (index >= states.length || Atomics.load(control, 1) !== 0) break
    let done = false
    try {
      const start = offsets[index] as number
      const path = Buffer.from(new Uint8Array(shared.paths, start, (offsets[index + 1] as number) - start))
      const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
      try {
        done = take(file, index * 5, index)
      } finally {
        closeSync(file)
      }
    } catch {
      // the other side says why
    }
    Atomics.store(states, index, done ? 1 : 2)
  }
  parentPort?.postMessage('done')
}
