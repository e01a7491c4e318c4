import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { plural } from '../base/quantity.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import { loadConfig } from '../config/config-file.ts'
import { heldBy, requireAllowed } from '../config/retention.ts'
import type { Context } from '../context.ts'
import type { PolicyPart } from '../generated/types.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readRedactionKey } from '../ledger/local/redaction-key.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { readRecords } from '../ledger/read/read.ts'
import { type Purged, purgeRedacted } from '../ledger/removal/purge.ts'
import { findTarget, type Target } from '../ledger/removal/redact-files.ts'
import { cleanCopy } from '../privacy/clean-copy.ts'
import { privateWords } from '../privacy/private-words.ts'
import { makeRedactor } from '../privacy/redact.ts'
import { openDoor } from '../recording/door.ts'
import { holdRecord, makeHeldRecord } from '../recording/hold-record.ts'
import { redactOnLedger } from '../recording/replace.ts'
import type { Redaction, StoredRecord } from '../records/record.ts'

export interface RedactRequest {
  /** The id of a record, environment, manifest or series, as typed. */
  word: string
  /** The secrets in it, as typed; read only once the record is found. */
  secrets(): Promise<readonly string[]>
  /** Whether a copy without the secrets takes its place. */
  copy: boolean
  reason: string | undefined
  /** Asks whether to go on; nothing has been changed yet. */
  confirm(what: string): Promise<boolean>
}

export interface Redacted {
  stored: StoredRecord<Redaction>
  /** The file that was removed. */
  path: string
  copy: StoredRecord | undefined
  purged: Purged
  /** Ids of other records that contain one of the secrets. */
  others: string[]
}

/**
 * Removes a record or file from the branch and all of its history, and leaves a tombstone. Undefined when not confirmed.
 * Throws `usage` for someone not allowed to redact, for a record on legal hold, and for a secret not in the record.
 */
export async function redactRecord(context: Context, request: RedactRequest): Promise<Redacted | undefined> {
  const repository = context.repository()
  const { policy } = await loadConfig(repository, localDir(repository).cache)
  const door = await openDoor(context)
  requireAllowed(policy, 'redactors', door.agent.email)
  const objects = new ObjectReader(repository)
  try {
    await catchUp(context, objects)
    const target = await findTarget(repository, objects, request.word)
    requireFree(policy, target)
    const secrets = await request.secrets()
    const made = request.copy ? copyOf(context, target, secrets, policy, door.agent) : undefined
    const copy = made && (await holdRecord(context, made))
    const what = `${target.path} is removed from the branch and all of its history${copy ? '; a copy without the secrets stays' : ''}`
    if (!(await request.confirm(what))) return undefined
    const reason = request.reason ? { reason: request.reason } : {}
    const stored = await redactOnLedger(door, {
      target,
      ...(copy && { copy }),
      make: ({ fields, ...parts }) =>
        makeHeldRecord<Redaction>(door, { kind: 'redaction', ...parts, fields: { ...fields, ...reason } }),
    })
    const purged = await purgeRedacted(repository)
    return { stored, path: target.path, copy, purged, others: await othersWith(repository, secrets) }
  } finally {
    objects.close()
  }
}

async function othersWith(repository: Repository, secrets: readonly string[]): Promise<string[]> {
  const found: string[] = []
  const wanted = secrets.map((secret) => JSON.stringify(secret).slice(1, -1))
  if (wanted.length === 0) return found
  for await (const outcome of readRecords(repository))
    if ('stored' in outcome && wanted.some((text) => outcome.stored.text.includes(text))) found.push(outcome.stored.id)
  return found
}

function requireFree(policy: PolicyPart | undefined, { stored }: Target): void {
  const hold =
    stored &&
    heldBy(policy?.retention?.holds ?? [], { id: stored.id, kind: stored.record.kind, time: stored.record.time })
  if (hold)
    throw new ProvError(
      'usage',
      `record ${stored.id.slice(0, 12)} is under the legal hold '${escapeLine(hold.name)}'`,
      {
        hint: 'policy.retention.holds of prov.yaml',
      },
    )
}

/** The same record without what the rules find now, and without the given secrets. */
function copyOf(
  context: Context,
  { stored, path }: Target,
  secrets: readonly string[],
  policy: PolicyPart | undefined,
  agent: { name: string; email: string },
): StoredRecord | undefined {
  const { rules = [], allow = [], words = [] } = policy?.privacy ?? {}
  const repository = context.repository()
  const key = readRedactionKey(repository, readSettings(repository))
  const unknown = stored ? secrets.filter((secret) => !stored.text.includes(JSON.stringify(secret).slice(1, -1))) : []
  if (unknown.length > 0)
    throw new ProvError('usage', `${plural(unknown.length, 'line')} of the input is not in ${path}`, {
      hint: 'one secret per line, exactly as in the record',
    })
  const redactor = makeRedactor({ words: { ...privateWords(context.env), words, secrets }, rules, allow, key })
  return stored && cleanCopy(stored, redactor, agent)
}
