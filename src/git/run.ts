import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { ProvError } from '../base/errors.ts'

/** Where a git process runs: its working folder and complete environment. */
export interface Place {
  cwd: string
  env: Record<string, string>
  /** In its own process group, out of reach of terminal signals (Ctrl-C). */
  detached?: boolean
}

export interface GitResult {
  status: number
  stdout: Buffer
  stderr: string
}

// fsmonitor is a command that a malicious configuration can set; the repository's hooks must not run for our own writes.
const always = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'hook.prov.enabled=false']

/** Options for our writes: objects and refs are synced to disk, and a held ref lock is waited for. */
export const durable = [
  '-c',
  'core.fsync=committed',
  '-c',
  'core.filesRefLockTimeout=3000',
  '-c',
  'core.packedRefsTimeout=3000',
]

/** Runs git and returns its result, whatever the status. Throws only when git cannot be started. */
export function tryGit(place: Place, args: readonly string[], input?: string | Uint8Array): GitResult {
  const result = spawnSync('git', [...always, ...args], {
    cwd: place.cwd,
    env: place.env,
    maxBuffer: 4 * 1024 ** 3,
    ...(input === undefined ? { stdio: ['ignore', 'pipe', 'pipe'] } : { input }),
  })
  if (result.error) throw cannotRun(result.error, place)
  const signal = result.signal ? `killed by ${result.signal}` : ''
  return { status: result.status ?? 128, stdout: result.stdout, stderr: result.stderr.toString('utf8') || signal }
}

/** Runs git, which must succeed, and returns its output. */
export function git(place: Place, args: readonly string[], input?: string | Uint8Array): Buffer {
  const result = tryGit(place, args, input)
  if (result.status !== 0) throw gitFailed(args, result.stderr)
  return result.stdout
}

/** Runs git, which must succeed, and returns its output as text without the final newline. */
export function gitText(place: Place, args: readonly string[], input?: string | Uint8Array): string {
  return git(place, args, input).toString('utf8').replace(/\n$/, '')
}

/** Starts git with piped streams. */
export function spawnGit(place: Place, args: readonly string[]): ChildProcess {
  const { cwd, env, detached = false } = place
  return spawn('git', [...always, ...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: detached })
}

/** Waits for a git process: its status and everything it printed. */
export function gitResult(child: ChildProcess, place: Place): Promise<GitResult> {
  const out: Buffer[] = []
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8')
  })
  // A process that ends early says why on stderr; the broken input pipe adds nothing.
  child.stdin?.on('error', () => {})
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(cannotRun(error, place)))
    child.on('close', (status, signal) => {
      resolve({
        status: status ?? 128,
        stdout: Buffer.concat(out),
        stderr: stderr || (signal ? `killed by ${signal}` : ''),
      })
    })
  })
}

/** A git process started before its input is known, to hide its start-up time. */
export class StartedGit {
  readonly #child: ChildProcess
  readonly #ended: Promise<GitResult>

  constructor(place: Place, args: readonly string[]) {
    this.#child = spawnGit(place, args)
    this.#ended = gitResult(this.#child, place)
    this.#ended.catch(() => {})
  }

  /** Writes part of its input, once earlier input has been consumed. Errors are reported by `finish`. */
  async write(input: string | Uint8Array): Promise<void> {
    const { stdin } = this.#child
    if (!stdin || stdin.destroyed || stdin.write(input)) return
    await new Promise<void>((resolve) => {
      const done = () => {
        for (const event of events) stdin.off(event, done)
        resolve()
      }
      const events = ['drain', 'close', 'error']
      for (const event of events) stdin.once(event, done)
    })
  }

  /** Writes its input, or the rest of it, and waits until it exits. */
  finish(input: string | Uint8Array): Promise<GitResult> {
    this.#child.stdin?.end(input)
    return this.#ended
  }
}

/** Streams git's output; a reader that stops early ends git. Throws `git` when git fails. */
export async function* streamGit(
  place: Place,
  args: readonly string[],
  { hint, input = '' }: { hint?: string | undefined; input?: string } = {},
): AsyncGenerator<Buffer> {
  const child = spawnGit(place, args)
  child.stdin?.on('error', () => {}).end(input)
  let stderr = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8')
  })
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', (error) => reject(cannotRun(error, place)))
    child.on('close', (status) => resolve(status ?? 128))
  })
  ended.catch(() => {})
  let whole = false
  try {
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) yield chunk
    whole = true
  } finally {
    if (!whole) child.kill()
  }
  if ((await ended) !== 0) throw gitFailed(args, stderr, hint)
}

export function gitFailed(args: readonly string[], stderr: string, hint?: string): ProvError {
  const command = args.find((arg) => !arg.startsWith('-') && !arg.includes('=')) ?? args[0]
  return new ProvError('git', `git ${command} failed`, { cause: stderr.trim(), ...(hint && { hint }) })
}

/** The error for a git process that could not be started. */
export function cannotRun(error: Error, place: Place): ProvError {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
    return new ProvError('git', 'git cannot be run', { cause: error.message })
  return new ProvError('git', `git cannot be run in ${place.cwd}`, {
    hint: 'is git on PATH, and does the folder exist?',
    cause: error.message,
  })
}

/** Runs `git <first> | git <second>` and returns the second's output; the first's is never held in memory as a whole. */
export async function pipeGit(
  place: Place,
  first: readonly string[],
  second: readonly string[],
  input: string,
): Promise<string> {
  const from = spawnGit(place, first)
  const to = spawnGit(place, second)
  from.stdin?.on('error', () => {})
  from.stdin?.end(input)
  if (from.stdout && to.stdin) from.stdout.pipe(to.stdin)
  let stderr = ''
  from.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8')
  })
  const ended = new Promise<number>((resolve) => from.on('close', (status) => resolve(status ?? 128)))
  from.on('error', () => {})
  const result = await gitResult(to, place)
  if ((await ended) !== 0) throw gitFailed(first, stderr)
  if (result.status !== 0) throw gitFailed(second, result.stderr)
  return result.stdout.toString('utf8')
}
