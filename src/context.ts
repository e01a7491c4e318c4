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
  /** The repository of cwd, found at the first call. Throws `not-a-repository`. */
  repository(): Repository
}

export function processContext(): Context {
  return contextOf({
    cwd: process.cwd(),
    env: process.env,
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    now: () => new Date(),
  })
}

/** Completes a context with its repository. */
export function contextOf(parts: Omit<Context, 'repository'>): Context {
  let repository: Repository | undefined
  return {
    ...parts,
    repository() {
      repository ??= locateRepository(parts.cwd, parts.env)
      return repository
    },
  }
}
