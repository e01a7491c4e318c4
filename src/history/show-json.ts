import type { Named } from '../ledger/read/find-record.ts'
import type { Environment } from '../records/environment.ts'
import type { Capture, StoredRecord } from '../records/record.ts'
import type { RunView } from '../records/run.ts'

/**
 * The stored record, its id (for a run, the run's id), how a commit was matched with it, and the environment's content
 * beside its digests.
 */
export function toShowJson({ stored, resolved, run }: Named, environment: Environment | undefined): object {
  const { record, id } = stored
  return {
    id: run?.id ?? id,
    ...record,
    ...(environment && {
      environment: {
        ...(record as Capture).environment,
        resolved: { host: environment.host, software: environment.software },
      },
    }),
    ...(resolved && { matchedBy: resolved.matchedBy }),
    ...(run && runJson(run)),
  }
}

/** A run's records by name, and its remarks. */
function runJson({ planned, finished, replays, remarks }: RunView): object {
  const whole = ({ id, record }: StoredRecord) => ({ id, ...record })
  return {
    records: { planned: planned?.id ?? null, finished: finished?.id ?? null },
    replays: replays.map(whole),
    remarks: remarks.map(whole),
  }
}
