import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Redactor } from '../privacy/redact.ts'
import { redactDeep } from '../privacy/redact-values.ts'
import type { Recording } from '../recording/door.ts'
import { record } from '../recording/record.ts'
import { buildRecord, type Replay, type StoredRecord } from '../records/record.ts'
import { allDifferences, type Findings } from './perform.ts'
import type { Prepared } from './prepare.ts'
import type { Tolerances } from './verdict.ts'

export interface RecordRequest {
  redactor: Redactor
  tolerances: Tolerances
}

/** The record of a verdict. */
export function replayRecord(
  prepared: Prepared,
  findings: Findings,
  agent: Replay['agent'],
  { redactor, tolerances }: RecordRequest,
  now: Date,
): StoredRecord<Replay> {
  const { about, fields, links } = recordingOf(prepared, findings, tolerances)
  const { reason, causes, outcome, differences, ...rest } = fields
  const said = redactDeep(redactor, { reason, causes, outcome, differences }, 'replay').value
  return buildRecord<Replay>({ kind: 'replay', agent, ...(about && { about }), ...rest, ...said, links } as Replay, now)
}

function recordingOf(
  { subject, isolation, environment, differences, python }: Prepared,
  findings: Findings,
  tolerances: Tolerances,
): Recording<Replay> & Required<Pick<Recording<Replay>, 'links'>> {
  const all = plain(differences)
  return {
    kind: 'replay',
    about: subject.record.about,
    fields: {
      run: subject.id,
      isolation,
      environmentMode: python ? 'recreate' : 'current',
      environment: environment.digests,
      ...(Object.keys(tolerances).length > 0 && { tolerances }),
      ...findings,
      ...(all.length > 0 && { differences: all }),
    } as Recording<Replay>['fields'],
    links: [{ rel: 'replays', to: `record:${subject.finishedId}` }],
  }
}

function plain(differences: Prepared['differences']): NonNullable<Replay['differences']> {
  return allDifferences(differences).map(({ part, name, before, after }) => ({
    part,
    name,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
  }))
}

/** Puts the verdict on the ledger. Returns it in full, restricted parts included, to be shown. */
export async function appendReplay(
  context: Context,
  prepared: Prepared,
  findings: Findings,
  request: RecordRequest,
): Promise<StoredRecord<Replay>> {
  const { digests, text } = prepared.environment
  const recording = recordingOf(prepared, findings, request.tolerances)
  const objects = new ObjectReader(context.repository())
  const files = { environments: { [digests.digest]: text } }
  const { stored } = await record<Replay>(context, objects, { ...recording, files }).finally(() => objects.close())
  const { agent, time } = stored.record
  return { ...replayRecord(prepared, findings, agent, request, new Date(time)), id: stored.id }
}
