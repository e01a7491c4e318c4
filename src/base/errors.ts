/** What went wrong, in a closed set. Everything but `bug` is something the user or the machine can mend. */
export type ErrorCode =
  | 'usage' // the command line cannot be understood
  | 'not-a-repository'
  | 'not-initialised' // there is no provenance branch here yet
  | 'not-ours' // a branch, file or hook of that name exists and is not git-prov's
  | 'unknown-revision' // no such commit, record or dataset
  | 'ambiguous' // an abbreviated id names several things
  | 'config' // prov.yaml is malformed
  | 'record' // a record, note or stored file is damaged or hostile
  | 'redaction' // history was rewritten by somebody who may not
  | 'git' // git itself failed
  | 'git-too-old'
  | 'io' // the file system refused
  | 'locked' // somebody else holds the lock
  | 'signature' // what must be signed could not be
  | 'contention' // the refs kept moving
  | 'cancelled' // the user broke off
  | 'remote' // a remote cannot be reached, or does not take what was sent
  | 'not-shared' // provenance may not go to that remote
  | 'bug'

export interface ErrorFacts {
  /** The command to type next, or what to change. */
  hint?: string
  /** The underlying failure; git's own words when git failed. */
  cause?: unknown
}

/** The one error class: thrown low with facts, printed once by the command line. */
export class ProvError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined

  /** By name and not by class: each command is a bundle of its own, with its own copy of the class. */
  static override [Symbol.hasInstance](value: unknown): value is ProvError {
    return Error[Symbol.hasInstance](value) && (value as Error).name === 'ProvError'
  }

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'ProvError'
    this.code = code
    this.hint = facts.hint
  }

  /** 70 for a fault of ours, 2 for what the user can fix (sysexits.h, EX_SOFTWARE). */
  get exitCode(): number {
    return this.code === 'bug' ? 70 : 2
  }
}

/** The message of anything thrown, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.trim().split('\n')[0] ?? ''
}
