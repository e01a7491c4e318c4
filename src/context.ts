import type { Readable, Writable } from 'node:stream'
import type { Variables } from './git/environment.ts'
import { locateRepository, type Repository } from './git/repository.ts'

/** All a command knows of the world. Built once by the command line, replaced whole in tests. */
export interface Context {
  cwd: string
  env: Variables
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable & { isTTY?: boolean; columns?: number }
  stderr: Writable & { isTTY?: boolean; columns?: number }
  now(): Date
  /** The file that was started, beside which hook.cjs lies: what hooks and work in the background start. */
  program: string
  /** The repository of cwd, found at the first call. Throws `not-a-repository`. */
  repository(): Repository
}

/** The context of this process. Its streams are touched only when used: each costs start-up. */
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

/** Completes a context with its repository. */
export function contextOf(parts: Omit<Context, 'repository'>): Context {
  let repository: Repository | undefined
  return Object.assign(parts, {
    repository() {
      repository ??= locateRepository(parts.cwd, parts.env)
      return repository
    },
  })
}
