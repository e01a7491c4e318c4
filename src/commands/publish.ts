import { ProvError } from '../base/errors.ts'
import { plural } from '../base/quantity.ts'
import { catchUp } from '../catch-up/catch-up.ts'
import { loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import type { PolicyPart } from '../generated/types.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readRedactionKey } from '../ledger/local/redaction-key.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { publicRef, readPublished } from '../ledger/read/published.ts'
import { readRecords, requireBranch } from '../ledger/read/read.ts'
import { holdRecord } from '../recording/hold-record.ts'
import { encryptFields } from '../recording/privacy/age-file.ts'
import { redactorOf } from '../recording/privacy/redactor.ts'
import { publishRecords } from '../recording/publish-records.ts'
import { buildRecord, type Published, type StoredRecord } from '../records/record.ts'
import { recipientsOf } from '../records/restricted.ts'
import { commitmentOfRecord, outgoing, type PublishWith } from '../share/publish.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov publish --profile NAME`: adds what the profile lets out to the branch prov-public/NAME. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const name = flags.profile as string | undefined
  if (name === undefined || words.length > 0)
    throw new ProvError('usage', 'publish takes --profile <name>', { hint: 'git prov help publish' })
  const repository = context.repository()
  requireBranch(repository)
  const objects = new ObjectReader(repository)
  try {
    await catchUp(context, objects)
    const { policy } = await loadConfig(repository, localDir(repository).cache)
    const made = await collect(context, objects, name, policy)
    const branch = publicRef(name).slice('refs/heads/'.length)
    if (made.length > 0 && !flags['dry-run']) await publishRecords(context, objects, name, made)
    if (flags.json) for (const { text } of made) context.stdout.write(`${JSON.stringify(JSON.parse(text))}\n`)
    else if (flags['dry-run']) context.stdout.write(`prov: ${plural(made.length, 'record')} would go to ${branch}\n`)
    else
      context.stdout.write(
        made.length > 0
          ? `prov: ${plural(made.length, 'record')} added to ${branch}; git push <remote> ${branch}\n`
          : `prov: ${branch} is up to date\n`,
      )
    return 0
  } finally {
    objects.close()
  }
}

async function collect(
  context: Context,
  objects: ObjectReader,
  name: string,
  policy: PolicyPart | undefined,
): Promise<StoredRecord<Published>[]> {
  const profile = policy?.publish?.[name]
  if (!profile)
    throw new ProvError('usage', `policy.publish of prov.yaml has no profile '${name}'`, {
      hint: `one of: ${Object.keys(policy?.publish ?? {}).join(', ') || '(none)'}`,
    })
  const repository = context.repository()
  const recipients = profile.encrypt?.length ? recipientsOf(policy?.restricted?.recipients, profile.to ?? []) : []
  if (profile.encrypt?.length && recipients.length === 0)
    throw new ProvError('usage', `profile '${name}' has fields to encrypt and no recipients`, {
      hint: `policy.publish.${name}.to: [<role>]`,
    })
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

/** Its time is the first record's; who made it goes out only when the profile lets `agent` out. */
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
