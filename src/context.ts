import type { Readable, Writable } from 'node:stream'
import type { Variables } from './git/environment.ts'
import { locateRepository, type Repository } from './git/repository.ts'

/** Everything a command knows about its surroundings. Built once by the command line, replaced entirely in tests. */
export interface Context {
  cwd: string
  env: Variables
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable & { isTTY?: boolean; columns?: number }
  stderr: Writable & { isTTY?: boolean; columns?: number }
  now(): Date
  /** The running program file, with hook.cjs next to it: what hooks and background work start. */
  program: string
  /** The repository of cwd, located on the first call. Throws `not-a-repository`. */
  repository(): Repository
}

/** The context of this process. Its streams are accessed lazily: each one adds to start-up time. */
export function processContext(): Context {
  return contextOf({
    cwd: process.cwd(),
    env: process.env,
    get stdin() {
      return process.stdin
    },
    get stdout() {
      return process.stdout
    },
    get stderr() {
      return process.stderr
    },
    now: () => new Date(),
    program: process.argv[1] as string,
  })
}

/** Adds the lazily located repository to a context. */
export function contextOf(parts: Omit<Context, 'repository'>): Context {
  let repository: Repository | undefined
  return Object.assign(parts, {
    repository() {
      repository ??= locateRepository(parts.cwd, parts.env)
      return repository
    },
  })
}
