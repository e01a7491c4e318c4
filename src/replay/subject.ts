import { ProvError } from '../base/errors.ts'
import { isMissing } from '../base/missing.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { readEnvironment } from '../ledger/read/environments.ts'
import type { Environment } from '../records/environment.ts'
import type { Run } from '../records/record.ts'
import type { RunView } from '../records/run.ts'
import { validate } from '../records/validate.ts'

/** A run to replay, from its records. */
export interface Subject {
  /** The id people use. */
  id: string
  /** Id of the finished record. */
  finishedId: string
  record: Run
  commit: string
  /** Snapshot of the uncommitted work it started from. */
  snapshotTree: string | undefined
  environment: Environment | undefined
}

/** Throws `record` or `unknown-revision` when the run has nothing to replay. */
export async function subjectOf(view: RunView, objects: ObjectReader, branchRef: string): Promise<Subject> {
  const { id, finished } = view
  const name = id.slice(0, 6)
  if (!finished)
    throw new ProvError('unknown-revision', `run ${name} has not finished`, { hint: `git prov show ${name}` })
  const { record } = finished
  const [problem] = await validate('run', 1, record)
  if (problem)
    throw new ProvError('record', `run ${name}: ${problem.pointer || 'the record'} ${problem.message}`, {
      hint: 'git prov verify',
    })
  if (!record.about)
    throw new ProvError(
      'unknown-revision',
      `run ${name} was recorded without a commit: there is no code to check out`,
      {
        hint: 'git prov run records it once there is a first commit',
      },
    )
  const { snapshot, environment } = record
  return {
    id,
    finishedId: finished.id,
    record,
    commit: record.about.commit,
    snapshotTree: snapshot && !isMissing(snapshot) ? snapshot.tree : undefined,
    environment: isMissing(environment) ? undefined : await readEnvironment(objects, branchRef, environment.digest),
  }
}

/** Our placeholders for secrets and names: the original is unknown, so the command cannot be run. */
export const replaced = /<(secret|user|host|home|email|private|restricted)(:[0-9a-f]{8,12})?>/
