import type { Context } from '../../context.ts'
import type { Named } from '../../ledger/read/find-record.ts'
import type { StoredRecord } from '../../records/record.ts'
import type { RunView } from '../../records/run.ts'
import { describeShut, openRestricted, openRun } from './open-restricted.ts'

/** A record, or all those of a run, decrypted as far as the keys allow, the rest described. Throws as openRestricted does. */
export async function openNamed(context: Context, named: Named, identity: string | undefined): Promise<Named> {
  if (named.run) {
    const { run, shut } = await openRun(context, named.run, identity)
    const described = mapRun(run, (one) => describeShut(one, shut))
    return { ...named, run: described, stored: (described.finished ?? described.planned) as StoredRecord }
  }
  const { records, shut } = await openRestricted(context, [named.stored], identity)
  return { ...named, stored: describeShut(records[0] as StoredRecord, shut) }
}

function mapRun(run: RunView, map: <R extends StoredRecord>(stored: R) => R): RunView {
  const planned = run.planned && map(run.planned)
  const finished = run.finished && map(run.finished)
  return {
    ...run,
    ...(planned && { planned }),
    ...(finished && { finished }),
    record: (finished ?? planned)?.record ?? run.record,
    replays: run.replays.map(map),
    remarks: run.remarks.map(map),
  }
}
