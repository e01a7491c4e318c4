import type { Context } from '../context.ts'
import { parseIdent } from '../git/ident.ts'
import { committerIdent } from '../ledger/append/committer.ts'
import type { Entry } from '../ledger/append/spool.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import type { Found, Redactor } from '../privacy/redact.ts'
import { collectingRedactor, redactDeep } from '../privacy/redact-values.ts'
import type { Restriction } from '../privacy/restrict/restriction.ts'
import { buildRecord, type ProvRecord } from '../records/record.ts'
import { fitEntry } from './append-entries.ts'
import { ownMembersOf } from './own-members.ts'
import { privacyOf } from './privacy/privacy.ts'
import { reportFound } from './privacy/report-found.ts'
import { restrictEntry } from './privacy/restriction.ts'
import { sayOnce } from './say-once.ts'

/** Who writes, when, and under which redaction and restriction rules. */
export interface Door {
  context: Context
  /** Committer of the branch commit: `Name <mail> <seconds> <zone>`. */
  ident: string
  agent: { name: string; email: string }
  redactor: Redactor & { found: Found[] }
  restriction: Restriction | undefined
}

type Envelope = 'kind' | 'version' | 'time' | 'agent' | 'tool' | 'about' | 'links' | 'problems'

/** A record to be made. */
export interface Recording<R extends ProvRecord = ProvRecord> {
  kind: R['kind']
  about?: R['about'] | undefined
  /** Members specific to the kind. Secrets and names in them are replaced, except in digests and our own words. */
  fields: Omit<R, Envelope>
  links?: R['links']
  /** Who is responsible, if not the writer. */
  agent?: R['agent']
  /** The role in which the writer acts. */
  role?: string
  /** Files that are added with this record. */
  files?: Pick<Entry, 'environments' | 'manifests' | 'series'>
}

/** Throws `config`. */
export async function openDoor(context: Context): Promise<Door> {
  const { redactor, restriction } = await privacyOf(context)
  const ident = committerIdent(context.repository())
  const { name, email } = parseIdent(ident)
  return { context, ident, agent: { name, email }, redactor: collectingRedactor(redactor), restriction }
}

/** Makes the record as it may be written: redacted, restricted by policy, and within the limits of its schema. */
export async function makeRecord<R extends ProvRecord>(door: Door, recording: Recording<R>): Promise<Entry> {
  const { kind, about, links = [], role, files } = recording
  const agent = recording.agent ?? { ...door.agent, ...(role !== undefined && { role }) }
  const fields = cleaned(door.redactor, kind, recording.fields)
  reportFound(door.context, localDir(door.context.repository()), door.redactor.found)
  const made = { kind, agent, ...(about && { about }), ...fields, links }
  const record = buildRecord<R>(made as unknown as Parameters<typeof buildRecord<R>>[0], door.context.now())
  const entry = await fitEntry({ record, ...files })
  const places = (entry.record.record.problems ?? []).map(({ where }) => where)
  if (places.length > 0) sayOnce(door.context, `shortened in the record: ${places.join(', ')}`)
  return await restrictEntry(door.restriction, entry)
}

function cleaned(redactor: Redactor, kind: ProvRecord['kind'], fields: object): object {
  const own = ownMembersOf(kind)
  const clean = Object.entries(fields).map(([name, value]) => [
    name,
    own.has(name) ? value : redactDeep(redactor, value, `${kind}.${name}`, name).value,
  ])
  return Object.fromEntries(clean)
}
