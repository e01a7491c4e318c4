import type { Missing } from '../../base/missing.ts'
import type { Redactor } from '../../privacy/redact.ts'

/** Where collectors look. Tests replace every part of it. */
export interface CollectInput {
  /** Top of the work tree, absolute. */
  root: string
  /** The user's environment variables. */
  env: Readonly<Record<string, string | undefined>>
  /** '/' but in tests: where proc, sys, dev, etc and usr are found. */
  systemRoot: string
  /** Names of variables to record beside the built-in list. */
  variables: readonly string[]
  /** Everything that is text and was found outside goes through it. */
  redactor: Redactor
  /** ms since the epoch after which no process is waited for. */
  deadline: number
}

/**
 * One source of one part of the environment: `half` and `name` say where its result stands in the environment file.
 * `collect` never throws for what it meets outside; it returns `missing(reason)`.
 */
export interface Collector<Found extends object = object> {
  half: 'host' | 'software'
  name: string
  /**
   * What decides the result, cheap to read: absolute paths (their stat identity is compared) and `=text` (compared as
   * it is). While all are unchanged the last result stands, and `collect` is not called.
   */
  keys(input: CollectInput): string[]
  collect(input: CollectInput): Promise<Found | Missing> | Found | Missing
}
