import type { Missing } from '../core/missing.ts'

/** Where collectors look. Tests replace every part of it. */
export interface CollectInput {
  /** Top of the work tree, absolute. */
  root: string
  /** The user's environment variables. */
  env: Readonly<Record<string, string | undefined>>
  /** '/' but in tests: where proc, sys, dev and etc are found. */
  systemRoot: string
  /** Aborted when the time budget of the capture is over. */
  signal: AbortSignal
  /** What prov.yaml says of environments; see core/config.ts. */
  variables: readonly string[]
}

/**
 * One source of one part of the environment: `half` and `name` say where its result stands in the environment file.
 * `collect` never throws for what it meets outside; it returns `missing(reason)`.
 */
export interface Collector {
  half: 'host' | 'software'
  name: string
  /**
   * What decides the result, cheap to read: absolute paths (their stat identity is compared) and plain `=text` entries
   * (compared as they are). While all are unchanged the last result stands, and `collect` is not called.
   */
  keys(input: CollectInput): string[]
  collect(input: CollectInput): Promise<object | Missing> | object | Missing
}
