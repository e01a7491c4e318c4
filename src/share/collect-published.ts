import { ProvError } from '../base/errors.ts'
import { loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import type { PolicyPart, PolicyProfile } from '../generated/types.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readRedactionKey } from '../ledger/local/redaction-key.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { publicRef, readPublished } from '../ledger/read/published.ts'
import { readRecords } from '../ledger/read/read.ts'
import { holdRecord } from '../recording/hold-record.ts'
import { encryptFields } from '../recording/privacy/age-file.ts'
import { redactorOf } from '../recording/privacy/redactor.ts'
import { buildRecord, type Published, type StoredRecord } from '../records/record.ts'
import { recipientsOf } from '../records/restricted.ts'
import { commitmentOfRecord, outgoing, type PublishWith } from './publish.ts'

/** The records a profile publishes that its public branch does not have yet; writes nothing. Throws `usage`. */
export async function collectPublished(
  context: Context,
  objects: ObjectReader,
  name: string,
): Promise<StoredRecord<Published>[]> {
  const repository = context.repository()
  const { policy } = await loadConfig(repository, localDir(repository).cache)
  const profile = profileOf(policy, name)
  const recipients = recipientsFor(policy, name, profile)
  const key = readRedactionKey(repository, readSettings(repository))
  const tip = await objects.read(publicRef(name))
  const there = tip ? await readPublished(repository, objects, publicRef(name)) : []
  const published = new Set(there.map(({ record }) => record.commitment))
  const made: StoredRecord<Published>[] = []
  const wanted = { name, profile, key, redactor: redactorOf(context, policy?.privacy) }
  for await (const outcome of readRecords(repository, profile.kinds)) {
    if (!('stored' in outcome) || published.has(commitmentOfRecord(outcome.stored.id, key))) continue
    const one = await publishOne(outcome.stored, wanted, recipients)
    if (one) made.push(await holdRecord(context, one))
  }
  return made
}

function profileOf(policy: PolicyPart | undefined, name: string): PolicyProfile {
  const profile = policy?.publish?.[name]
  if (profile) return profile
  throw new ProvError('usage', `policy.publish of prov.yaml has no profile '${name}'`, {
    hint: `one of: ${Object.keys(policy?.publish ?? {}).join(', ') || '(none)'}`,
  })
}

/** The keys to encrypt for; none when the profile encrypts nothing. */
function recipientsFor(policy: PolicyPart | undefined, name: string, { encrypt, to }: PolicyProfile): string[] {
  if (!encrypt?.length) return []
  const recipients = recipientsOf(policy?.restricted?.recipients, to ?? [])
  if (recipients.length > 0) return recipients
  throw new ProvError('usage', `profile '${name}' has fields to encrypt and no recipients`, {
    hint: `policy.publish.${name}.to: [<role>]`,
  })
}

/** It has the time of the original record; its author is published only if the profile has `agent`. */
async function publishOne(
  stored: StoredRecord,
  wanted: PublishWith,
  recipients: readonly string[],
): Promise<StoredRecord<Published> | undefined> {
  const out = outgoing(stored, wanted)
  if (!out) return undefined
  const fields = {
    ...out.fields,
    agent: { name: 'git-prov', email: 'git-prov@localhost' },
    ...(out.open.length > 0 && { recipients, fields: await encryptFields(out.open, recipients) }),
  }
  return buildRecord<Published>(fields as unknown as Published, new Date(stored.record.time))
}
