/** The closed set of error codes. All but `bug` can be fixed by the user or on the machine. */
export type ErrorCode =
  | 'usage' // the command line is invalid
  | 'not-a-repository'
  | 'not-initialised' // no provenance branch yet
  | 'not-ours' // a branch, file or hook of that name exists, but git-prov did not create it
  | 'unknown-revision' // no such commit, record or dataset
  | 'ambiguous' // an abbreviated id matches several things
  | 'config' // prov.yaml is invalid
  | 'record' // a record, note or stored file is corrupt or malicious
  | 'redaction' // history was rewritten by somebody not allowed to
  | 'git' // git itself failed
  | 'git-too-old'
  | 'io' // a file system operation failed
  | 'locked' // another process holds the lock
  | 'signature' // something that must be signed could not be
  | 'contention' // refs kept moving under us
  | 'cancelled' // the user cancelled
  | 'remote' // a remote is unreachable or rejected the push
  | 'not-shared' // provenance may not be sent to that remote
  | 'bug'

export interface ErrorFacts {
  /** The command to run next, or what to change. */
  hint?: string
  /** The underlying error; git's own message when git failed. */
  cause?: unknown
}

/** The only error class: thrown where the facts are known, printed once by the command line. */
export class ProvError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined

  /** By name rather than class: each command is a separate bundle with its own copy of the class. */
  static override [Symbol.hasInstance](value: unknown): value is ProvError {
    return Error[Symbol.hasInstance](value) && (value as Error).name === 'ProvError'
  }

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'ProvError'
    this.code = code
    this.hint = facts.hint
  }

  /** 70 for our own bugs (sysexits.h, EX_SOFTWARE), 2 for what the user can fix. */
  get exitCode(): number {
    return this.code === 'bug' ? 70 : 2
  }
}

/** The message of any thrown value, on one line. */
export function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.trim().split('\n')[0] ?? ''
}
