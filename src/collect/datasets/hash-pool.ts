import { availableParallelism } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { hashWorker, type SharedWork } from './hash-worker.ts'
import type { FoundFile } from './scan.ts'
import { wordsOf } from './stat-cache.ts'

/** Below both a worker is not worth the 20 ms it takes to start. */
const enoughFiles = 5000
const enoughBytes = 256 * 1024 * 1024
/** Disks and network file systems are seldom faster than this many hashes. */
const mostThreads = 4

/** Files to hash, handed out one by one to this thread and, when there is enough to do, to workers. */
export class HashPool {
  readonly #files: readonly FoundFile[]
  readonly #shared: SharedWork
  readonly #states: Uint8Array
  readonly #control: Int32Array
  #workers: Promise<unknown>[] = []

  constructor(folder: string, files: readonly FoundFile[]) {
    this.#files = files
    const words = new SharedArrayBuffer(files.length * 40)
    const states = new SharedArrayBuffer(files.length)
    const control = new SharedArrayBuffer(12)
    const fields = new BigInt64Array(words)
    for (const [index, { stat }] of files.entries()) fields.set(wordsOf(stat), index * 5)
    const digests = new SharedArrayBuffer(files.length * 32)
    this.#shared = { ...sharePaths(folder, files), words, digests, states, control }
    this.#states = new Uint8Array(states)
    this.#control = new Int32Array(control)
  }

  static isWorthIt(files: readonly FoundFile[], bytes: number): boolean {
    return files.length > 1 && (files.length >= enoughFiles || bytes >= enoughBytes) && availableParallelism() > 1
  }

  async start(): Promise<void> {
    const { Worker } = await import('node:worker_threads')
    const count = Math.min(availableParallelism(), mostThreads, this.#files.length) - 1
    this.#workers = Array.from({ length: count }, () => {
      const options = { eval: true, workerData: this.#shared, env: {}, execArgv: [], stdout: false, stderr: false }
      const worker = new Worker(`(${hashWorker})()`, options)
      worker.unref()
      // Its word that it is done comes sooner than its end, which takes the 10 ms of clearing up.
      return new Promise((resolve) => worker.on('message', resolve).on('error', resolve).on('exit', resolve))
    })
  }

  /** The next file that nobody took, or undefined. */
  take(): number | undefined {
    const index = Atomics.add(this.#control, 0, 1)
    return index < this.#files.length ? index : undefined
  }

  /** Files the workers have done. */
  get files(): number {
    return this.#states.reduce((count, state) => count + (state === 1 ? 1 : 0), 0)
  }

  /** Bytes the workers have read. */
  get bytes(): number {
    return Atomics.load(this.#control, 2) * 1024
  }

  /** The digest that a worker found for a file, if one did. */
  digest(index: number): string | undefined {
    if (Atomics.load(this.#states, index) !== 1) return undefined
    return Buffer.from(new Uint8Array(this.#shared.digests, index * 32, 32)).toString('hex')
  }

  /** Waits for the workers; `keepOn` is asked now and then, and false makes them stop. */
  async finish(keepOn: () => Promise<boolean>): Promise<boolean> {
    let ended = false
    const all = Promise.all(this.#workers).then(() => {
      ended = true
    })
    while (!ended) {
      await Promise.race([all, setTimeout(50)])
      if (!ended && !(await keepOn())) {
        await this.stop()
        return false
      }
    }
    return true
  }

  async stop(): Promise<void> {
    Atomics.store(this.#control, 1, 1)
    await Promise.all(this.#workers)
  }
}

function sharePaths(folder: string, files: readonly FoundFile[]): Pick<SharedWork, 'paths' | 'offsets'> {
  const paths = files.map(({ path, at }) => at ?? `${folder}/${path}`)
  const offsets = new SharedArrayBuffer((files.length + 1) * 4)
  const ends = new Uint32Array(offsets)
  let end = 0
  for (const [index, path] of paths.entries()) {
    end += path.length
    ends[index + 1] = end
  }
  const bytes = new SharedArrayBuffer(end)
  const view = Buffer.from(bytes)
  for (const [index, path] of paths.entries()) view.write(path, ends[index] as number, 'latin1')
  return { paths: bytes, offsets }
}
