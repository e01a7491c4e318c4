import type { Context } from '../context.ts'

/** What the command line asks an export to write. */
export interface ExportRequest {
  context: Context
  /** What to export, as typed. */
  words: readonly string[]
  /** Output file or folder, as typed; absent for standard output. */
  output: string | undefined
}
