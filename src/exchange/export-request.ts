import type { Context } from '../context.ts'

/** What the command line asks an export to write. */
export interface ExportRequest {
  context: Context
  /** What is to be exported, as typed. */
  words: readonly string[]
  /** File or folder to write to, as typed; absent for standard output. */
  output: string | undefined
}
