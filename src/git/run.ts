import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { ProvError } from '../base/errors.ts'

/** Where a git process runs: its working folder and its whole environment. */
export interface Place {
  cwd: string
  env: Record<string, string>
  /** In a process group of its own, where the signals of the terminal (Ctrl-C) do not reach it. */
  detached?: boolean
}

export interface GitResult {
  status: number
  stdout: Buffer
  stderr: string
}

// fsmonitor is a command that a hostile configuration can name; hooks of the repository are not for our own writes.
const always = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'hook.prov.enabled=false']

/** What our writes add: objects and refs reach the disk, and a held ref lock is waited for. */
export const durable = [
  '-c',
  'core.fsync=committed',
  '-c',
  'core.filesRefLockTimeout=3000',
  '-c',
  'core.packedRefsTimeout=3000',
]

/** Runs git to its end and returns whatever came of it. Throws only when git cannot be started. */
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

/** Runs git, which must succeed, and returns what it printed. */
export function git(place: Place, args: readonly string[], input?: string | Uint8Array): Buffer {
  const result = tryGit(place, args, input)
  if (result.status !== 0) throw gitFailed(args, result.stderr)
  return result.stdout
}

/** The same as text without the last newline. */
export function gitText(place: Place, args: readonly string[], input?: string | Uint8Array): string {
  return git(place, args, input).toString('utf8').replace(/\n$/, '')
}

/** Starts git with its streams as pipes. */
export function spawnGit(place: Place, args: readonly string[]): ChildProcess {
  const { cwd, env, detached = false } = place
  return spawn('git', [...always, ...args], { cwd, env, stdio: ['pipe', 'pipe', 'pipe'], detached: detached })
}

/** What a git process comes to: its status and everything it printed. */
export function gitResult(child: ChildProcess, place: Place): Promise<GitResult> {
  const out: Buffer[] = []
  let stderr = ''
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString('utf8')
  })
  // A process that ends early says why on stderr; that its input pipe broke adds nothing.
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

/** A git process that was started before its input is known, so that its start-up costs nothing when it is. */
export class StartedGit {
  readonly #child: ChildProcess
  readonly #ended: Promise<GitResult>

  constructor(place: Place, args: readonly string[]) {
    this.#child = spawnGit(place, args)
    this.#ended = gitResult(this.#child, place)
    this.#ended.catch(() => {})
  }

  /** Gives it a part of its input, when it has taken what it was given before. What went wrong `finish` tells. */
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

  /** Gives it its whole input, or the rest of it, and waits for its end. */
  finish(input: string | Uint8Array): Promise<GitResult> {
    this.#child.stdin?.end(input)
    return this.#ended
  }
}

/** What git prints, as it comes; a reader that stops before the end ends git. Throws `git` when git fails. */
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

/** Why a git process did not even start. */
export function cannotRun(error: Error, place: Place): ProvError {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
    return new ProvError('git', 'git cannot be run', { cause: error.message })
  return new ProvError('git', `git cannot be run in ${place.cwd}`, {
    hint: 'is git on PATH, and does the folder exist?',
    cause: error.message,
  })
}

/** Runs `git <first> | git <second>` and returns what the second printed. Neither output lies whole in memory but that. */
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
