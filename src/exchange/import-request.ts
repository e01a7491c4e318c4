import type { Context } from '../context.ts'

/** What the command line asks an import to do. */
export interface ImportRequest {
  context: Context
  /** As typed: a file or folder to read instead of searching the repository. */
  path: string | undefined
  /** Only report what would be imported. */
  dryRun: boolean
  json: boolean
}
