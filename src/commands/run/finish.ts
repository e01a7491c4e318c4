import type { Run, StoredRecord } from '../../core/record.ts'
import type { Entry } from '../../ledger/spool.ts'
import { tellFound } from '../tell-found.ts'
import { type Ended, finishedRecord, type Planned } from './finished-record.ts'
import { findOutputs } from './outputs.ts'
import type { Before } from './plan.ts'
import type { Scene } from './scene.ts'

/** The finished record of a run whose command has ended, made from its plan and from how things lie now. */
export async function finishRun(
  scene: Scene,
  planned: Planned,
  before: Before | undefined,
  others: readonly string[][],
  ended: Ended,
): Promise<{ stored: StoredRecord<Run>; entry: Entry }> {
  const { files, manifests, problems } = await findOutputs(scene, planned.plain ?? planned.record, before, others)
  const changed = files.some(({ change }) => change !== undefined && change !== 'unchanged')
  const told = [...(planned.record.problems ?? []), ...(ended.problems ?? []), ...problems].slice(0, 1000)
  const stored = finishedRecord(scene, planned, ended, {
    outputs: files,
    ...(before?.scan && { changed }),
    ...(told.length > 0 && { problems: told }),
  })
  tellFound(scene.context, scene.local, scene.redactor.found)
  return { stored, entry: { record: stored, manifests } }
}
