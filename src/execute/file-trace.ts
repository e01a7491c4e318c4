import { spawnSync } from 'node:child_process'
import { closeSync, constants, openSync, rmSync } from 'node:fs'
import { Socket } from 'node:net'
import { type Touched, TraceReader } from './trace-lines.ts'

const calls = 'open,openat,?openat2,creat,execve,chdir,fchdir,rename,renameat,renameat2,link,linkat,truncate'
// The tracer is a grandchild (-D): the process we start is the command itself, with its own signals and exit status.
const options = [
  '-D',
  '-f',
  '-qq',
  '-y',
  '-s',
  '4096',
  '-e',
  'signal=none',
  '-e',
  'status=successful',
  '-e',
  `trace=${calls}`,
]

/** ms to wait for the tracer to finish writing after the command has ended. */
const patience = 2000
const longestLine = 64 * 1024

/** A command's file system calls as reported by strace, read while it runs without storing them on disk. */
export class FileTrace {
  readonly #pipe: string
  readonly #socket: Socket
  readonly #reader: TraceReader
  readonly #ended: Promise<void>

  /** `pipe`: where to create a named pipe. Throws the reason when tracing does not work here. */
  constructor(pipe: string, folder: string, keep: (path: string) => boolean) {
    probe(options)
    run('mkfifo', ['-m', '600', pipe])
    this.#pipe = pipe
    this.#reader = new TraceReader(folder, keep)
    const file = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      this.#socket = new Socket({ fd: file, readable: true, writable: false })
    } catch (error) {
      closeSync(file)
      throw error
    }
    this.#socket.unref()
    this.#ended = this.#listen()
  }

  /** The command line that runs a command under strace. */
  wrap(command: readonly string[]): string[] {
    return ['strace', ...options, '-o', this.#pipe, '--', ...command]
  }

  /** What was traced, after the command has ended. */
  async finish(): Promise<Touched> {
    const timer = new Promise<void>((resolve) => setTimeout(resolve, patience).unref())
    await Promise.race([this.#ended, timer])
    this.drop()
    return this.#reader.touched
  }

  drop(): void {
    this.#socket.destroy()
    rmSync(this.#pipe, { force: true })
  }

  #listen(): Promise<void> {
    let rest = ''
    this.#socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('latin1')).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > longestLine) rest = ''
      for (const line of lines) this.#reader.line(line)
    })
    return new Promise((resolve) => {
      this.#socket.on('close', () => resolve()).on('error', () => resolve())
    })
  }
}

/** Tracing may be forbidden (ptrace(2), EPERM), in which case the command itself would not run. */
function probe(words: readonly string[]): void {
  run('strace', [...words, '-o', '/dev/null', '--', 'true'])
}

function run(program: string, args: readonly string[]): void {
  const { error, status, stderr } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' })
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT') throw new Error(`${program} is not installed`)
  if (error) throw error
  if (status !== 0) throw new Error(stderr.trim().split('\n')[0] || `${program} ended with status ${status}`)
}
