import type { Context } from '../context.ts'

/** What the command line asks an import to do. */
export interface ImportRequest {
  context: Context
  /** As typed: a file or folder to read instead of what is found in the repository. */
  path: string | undefined
  /** Only say what would come. */
  dryRun: boolean
  json: boolean
}
