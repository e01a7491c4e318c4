import type { Context } from '../context.ts'
import { parseIdent } from '../git/ident.ts'
import { committerIdent } from '../ledger/append/committer.ts'
import { append } from '../ledger/append/fold.ts'
import type { Redactor } from '../privacy/redact.ts'
import { redactDeep } from '../privacy/redact-values.ts'
import { privacyOf } from '../recording/privacy/privacy.ts'
import { restrictEntry } from '../recording/privacy/restriction.ts'
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
  { subject, isolation, environment, differences, python }: Prepared,
  findings: Findings,
  agent: Replay['agent'],
  { redactor, tolerances }: RecordRequest,
  now: Date,
): StoredRecord<Replay> {
  const { reason, causes, outcome, ...rest } = findings
  const said = redactDeep(redactor, { reason, causes, outcome, differences: plain(differences) }, 'replay').value
  return buildRecord<Replay>(
    {
      kind: 'replay',
      agent,
      ...(subject.record.about && { about: subject.record.about }),
      run: subject.id,
      isolation,
      environmentMode: python ? 'recreate' : 'current',
      environment: environment.digests,
      ...(Object.keys(tolerances).length > 0 && { tolerances }),
      ...rest,
      causes: said.causes,
      ...(said.reason !== undefined && { reason: said.reason }),
      ...(said.outcome && { outcome: said.outcome }),
      ...(said.differences.length > 0 && { differences: said.differences }),
      links: [{ rel: 'replays', to: `record:${subject.finishedId}` }],
    } as Parameters<typeof buildRecord<Replay>>[0],
    now,
  )
}

const mostDifferences = 1000

function plain(differences: Prepared['differences']): NonNullable<Replay['differences']> {
  return allDifferences(differences)
    .slice(0, mostDifferences)
    .map(({ part, name, before, after }) => ({
      part: part.slice(0, 128),
      name: name.slice(0, 1024),
      ...(before !== undefined && { before: before.slice(0, 4096) }),
      ...(after !== undefined && { after: after.slice(0, 4096) }),
    }))
}

/** Puts the verdict on the ledger. */
export async function appendReplay(
  context: Context,
  prepared: Prepared,
  findings: Findings,
  request: RecordRequest,
): Promise<StoredRecord<Replay>> {
  const repository = context.repository()
  const ident = committerIdent(repository)
  const { name, email } = parseIdent(ident)
  const agent = { name: name.slice(0, 512), email: email.slice(0, 512) }
  const record = replayRecord(prepared, findings, agent, request, context.now())
  const { digests, text } = prepared.environment
  const { restriction } = await privacyOf(context)
  const entry = await restrictEntry(restriction, { record, environments: { [digests.digest]: text } })
  await append(repository, [entry], { ident, deadline: Date.now() + 10_000 })
  return { ...record, id: entry.record.id }
}
