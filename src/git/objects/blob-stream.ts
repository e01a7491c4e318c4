import { cannotRun, gitFailed, type Place, spawnGit } from '../run.ts'

/** A requested blob; without `body` when it is missing, not a blob, or too long. */
export interface StreamedBlob<File> {
  file: File
  body: Buffer | undefined
  /** In bytes; 0 when it is missing. */
  size: number
}

type Child = ReturnType<typeof spawnGit>

/** Maximum unanswered requests. More than git holds back in its buffer, so that neither side waits for the other. */
const window = 4096

/**
 * Reads very many blobs in the order requested, in batches as they arrive, while git keeps working (`git cat-file --batch
 * --buffer`). Blobs above `most` bytes are not read: git is killed and restarted after them. Throws `git` and whatever
 * `files` throws.
 */
export async function* streamBlobs<File extends { oid: string }>(
  place: Place,
  files: AsyncIterable<readonly File[]> | Iterable<readonly File[]>,
  most: number,
): AsyncGenerator<StreamedBlob<File>[]> {
  const stream = new BlobStream<File>(place, most)
  const feeding = stream.feed(files)
  try {
    for (let batch = await stream.next(); batch; batch = await stream.next()) yield batch
    await feeding
  } finally {
    stream.stop()
  }
}

class BlobStream<File extends { oid: string }> {
  readonly #place: Place
  readonly #most: number
  #child: Child | undefined
  #requested: File[] = []
  /** How many of `#requested` were answered. */
  #answered = 0
  #ready: StreamedBlob<File>[] = []
  #rest: Buffer[] = []
  #size = 0
  #needed = 0
  #allRequested = false
  #stopped = false
  #error: unknown
  #wake = () => {}
  #waiting: Promise<void> | undefined

  constructor(place: Place, most: number) {
    this.#place = place
    this.#most = most
  }

  async feed(files: AsyncIterable<readonly File[]> | Iterable<readonly File[]>): Promise<void> {
    try {
      for await (const batch of files) {
        while (!this.#stopped && this.#requested.length - this.#answered > window) await this.#change()
        if (this.#stopped) return
        this.#requested.push(...batch)
        this.#request(batch)
      }
      this.#allRequested = true
      this.#child?.stdin?.end()
    } catch (error) {
      this.#error ??= error
    }
    this.#changed()
  }

  /** The blobs received since the last call; undefined at the end. */
  async next(): Promise<StreamedBlob<File>[] | undefined> {
    while (this.#ready.length === 0) {
      if (this.#error) throw this.#error
      if (this.#allRequested && this.#answered === this.#requested.length) return undefined
      this.#child?.stdout?.resume()
      await this.#change()
    }
    const batch = this.#ready
    this.#ready = []
    return batch
  }

  stop(): void {
    this.#stopped = true
    this.#end()
    this.#changed()
  }

  /** Resolves when something has arrived, was consumed or has failed. */
  #change(): Promise<void> {
    this.#waiting ??= new Promise((resolve) => {
      this.#wake = resolve
    })
    return this.#waiting
  }

  #changed(): void {
    this.#waiting = undefined
    this.#wake()
  }

  #request(files: readonly File[]): void {
    if (files.length === 0) return
    this.#child ??= this.#start()
    this.#child.stdin?.write(files.map(({ oid }) => `${oid}\n`).join(''))
  }

  #start(): Child {
    const child = spawnGit(this.#place, ['cat-file', '--batch', '--buffer'])
    let stderr = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8')
    })
    child.stdin?.on('error', () => {})
    child.stdout?.on('data', (chunk: Buffer) => this.#child === child && this.#receive(chunk))
    child.on('error', (error) => this.#fail(child, cannotRun(error, this.#place)))
    child.on('close', () => this.#fail(child, gitFailed(['cat-file'], stderr)))
    return child
  }

  #fail(child: Child, error: Error): void {
    if (this.#child !== child) return
    if (!this.#allRequested || this.#answered < this.#requested.length) this.#error ??= error
    this.#changed()
  }

  #end(): void {
    const child = this.#child
    this.#child = undefined
    this.#rest = []
    this.#size = 0
    this.#needed = 0
    child?.kill()
  }

  #receive(chunk: Buffer): void {
    this.#rest.push(chunk)
    this.#size += chunk.length
    if (this.#size < this.#needed) return
    const buffer = this.#rest.length === 1 ? chunk : Buffer.concat(this.#rest)
    this.#needed = 0
    let at = 0
    for (let end = this.#answer(buffer, at); end > 0; end = this.#answer(buffer, at)) at = end
    if (!this.#child) {
      this.#restart()
      return
    }
    this.#rest = at < buffer.length ? [buffer.subarray(at)] : []
    this.#size = buffer.length - at
    this.#needed = Math.max(0, this.#needed - at)
    if (this.#ready.length > window) this.#child.stdout?.pause()
    this.#changed()
  }

  /** Parses the reply at an offset; returns where it ends, or 0 when it is incomplete or too long to read. */
  #answer(buffer: Buffer, at: number): number {
    const newline = buffer.indexOf(10, at)
    if (newline < 0) return 0
    const header = buffer.toString('latin1', at, newline)
    const size = Number(header.match(/^[0-9a-f]{40,64} \w+ (\d+)$/)?.[1] ?? -1)
    if (size > this.#most) {
      this.#took(undefined, size)
      this.#end()
      return 0
    }
    const end = newline + 1 + (size < 0 ? 0 : size + 1)
    if (end > buffer.length) {
      this.#needed = end
      return 0
    }
    this.#took(header.includes(' blob ') ? buffer.subarray(newline + 1, end - 1) : undefined, Math.max(0, size))
    return end
  }

  #took(body: Buffer | undefined, size: number): void {
    this.#ready.push({ file: this.#requested[this.#answered] as File, body, size })
    this.#answered += 1
    if (this.#answered <= window) return
    this.#requested.splice(0, this.#answered)
    this.#answered = 0
  }

  /** Restarts after a blob that is too long. */
  #restart(): void {
    this.#request(this.#requested.slice(this.#answered))
    if (this.#allRequested) this.#child?.stdin?.end()
    this.#changed()
  }
}
