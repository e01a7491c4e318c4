import { buildRecord, type Run, type StoredRecord } from '../../core/record.ts'
import type { RunOutcome, RunProblem, Usage } from '../../generated/types.ts'
import type { Scene } from './scene.ts'
import { withoutSecrets } from './without-secrets.ts'

/** What is known of a run's end. */
export interface Ended {
  started?: Date
  ended: Date
  outcome: RunOutcome
  usage?: Usage
  problems?: readonly RunProblem[]
}

/** A planned run, with the id of its record when that could be written. */
export interface Planned {
  id: string | undefined
  record: Run
  /** Its inputs and outputs with their paths as they are, where that is known. */
  plain?: Pick<Run, 'inputs' | 'outputs'>
}

/** Complete in itself: all the plan said, and what came of it. */
export function finishedRecord(
  { context, redactor }: Pick<Scene, 'context' | 'redactor'>,
  { id, record }: Planned,
  { started, ended, outcome, usage }: Ended,
  found: Partial<Run>,
): StoredRecord<Run> {
  const { version: _, time: __, tool: ___, links, outputs: ____, ...fields } = record
  return buildRecord<Run>(
    {
      ...fields,
      phase: 'finished',
      ...(started && { started: started.toISOString() }),
      ended: ended.toISOString(),
      ...withoutSecrets({ outcome, ...found }, redactor),
      ...(usage && { usage }),
      links: id === undefined ? links : [...links, { rel: 'wasRevisionOf', to: `record:${id}` }],
    },
    context.now(),
  )
}
