import { stringifyLine } from '../base/json.ts'
import type { Run, StoredRecord } from '../records/record.ts'
import type { RunOptions } from './options.ts'
import { renderRunLine } from './run-line.ts'
import type { Session } from './session.ts'

/** The last line on stderr; `id` is the one people use. The command's own output is left alone. */
export function reportRun(
  { context, settings }: Session,
  { json, quiet }: Pick<RunOptions, 'json' | 'quiet'>,
  id: string,
  { record }: StoredRecord<Run>,
): void {
  if (json) context.stderr.write(`${stringifyLine({ id, ...record })}\n`)
  else if (!quiet && !settings.quiet) context.stderr.write(`${renderRunLine(id, record)}\n`)
}
