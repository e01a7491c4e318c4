import type { RunOutcome, RunProblem, Usage } from '../../generated/types.ts'
import { fitted } from '../../recording/fitted.ts'
import { buildRecord, maxRecordBytes, type Run, type StoredRecord } from '../../records/record.ts'
import type { Session } from '../session.ts'
import { withoutSecrets } from '../without-secrets.ts'
import { answerExpectations } from './answer-expectations.ts'

/** How a run ended. */
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
  /** Its inputs and outputs with their real paths, where known. */
  plain?: Pick<Run, 'inputs' | 'outputs'>
}

/** Complete on its own: everything in the plan, and the result. */
export async function finishedRecord(
  { context, redactor }: Pick<Session, 'context' | 'redactor'>,
  { id, record }: Planned,
  { started, ended, outcome, usage, problems }: Ended,
  found: Partial<Run>,
): Promise<StoredRecord<Run>> {
  const { version: _, time: __, tool: ___, outputs: ____, ...fields } = record
  const links: Run['links'] = id === undefined ? [] : [{ rel: 'wasRevisionOf', to: `record:${id}` }]
  const now = context.now()
  const built = await build({
    ...fields,
    phase: 'finished',
    ...(started && { started: started.toISOString() }),
    ended: ended.toISOString(),
    ...withoutSecrets({ outcome, ...(problems && { problems: [...problems] }), ...found }, redactor),
    ...(usage && { usage }),
    links: [...record.links, ...links],
  })
  if (!record.expectations) return built
  return await build({ ...built.record, expectations: answerExpectations(built.record, now) })

  async function build(all: Parameters<typeof buildRecord<Run>>[0]): Promise<StoredRecord<Run>> {
    return await fitted(cutToSize(buildRecord<Run>(all, now), now))
  }
}

/** Ways to shorten a record, the least useful parts first. */
const cuts: readonly ((record: Run) => Partial<Run>)[] = [
  ({ metrics }) => ({ metrics: mapValues(metrics, ({ curve: _, ...metric }) => metric) }),
  ({ outputs }) => ({ outputs: outputs?.slice(0, 1000) ?? [] }),
  ({ inputs }) => ({ inputs: inputs.slice(0, 1000) }),
  ({ metrics }) => ({ metrics: Object.fromEntries(Object.entries(metrics ?? {}).slice(0, 1000)) }),
  () => ({ parameters: {} }),
]

/** A record may be 4 MB long: what does not fit is left out, and its problems say so. */
function cutToSize(stored: StoredRecord<Run>, now: Date): StoredRecord<Run> {
  let shorter = stored
  for (const cut of cuts) {
    if (Buffer.byteLength(shorter.text) <= maxRecordBytes) return shorter
    const part = cut(shorter.record)
    const reason = `shortened: the record was ${Buffer.byteLength(shorter.text)} bytes long`
    const problems = [...(shorter.record.problems ?? []).slice(0, 999), { where: Object.keys(part)[0] ?? '', reason }]
    shorter = buildRecord<Run>({ ...shorter.record, ...part, problems }, now)
  }
  return shorter
}

function mapValues<T, U>(object: Record<string, T> | undefined, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object ?? {}).map(([key, value]) => [key, map(value)]))
}
