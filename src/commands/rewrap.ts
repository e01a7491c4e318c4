import { plural } from '../base/quantity.ts'
import { loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import { parseIdent } from '../git/ident.ts'
import { committerIdent } from '../ledger/append/committer.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { decryptFields, encryptFields, readIdentities } from '../recording/privacy/age-file.ts'
import { pickRestricted, readRestricted, recordAccess } from '../recording/privacy/restricted-records.ts'
import { buildRecord, type Restricted, type StoredRecord } from '../records/record.ts'
import { latestOf, recipientsOf } from '../records/restricted.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov rewrap`: encrypts restricted records anew where the keys of their roles are others now. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const repository = context.repository()
  const { policy } = await loadConfig(repository, localDir(repository).cache)
  const all = await readRestricted(repository)
  const current =
    words.length > 0
      ? words.map((word) => pickRestricted(all, word))
      : all.filter(({ id }) => latestOf(all, id)?.id === id)
  const keysOf = ({ record }: StoredRecord<Restricted>) => recipientsOf(policy?.restricted?.recipients, record.to)
  const due = current.filter((stored) => keysOf(stored).join() !== [...stored.record.recipients].sort().join())
  if (due.length === 0) {
    context.stdout.write(`prov: ${plural(current.length, 'restricted record')}: encrypted to the keys of today\n`)
    return 0
  }
  const identities = readIdentities(repository, flags.identity as string | undefined)
  const { name, email } = parseIdent(committerIdent(repository))
  const made: StoredRecord<Restricted>[] = []
  for (const stored of due)
    made.push(await rewrapOne(stored, keysOf(stored), identities, { name, email }, context.now()))
  const names = due.flatMap(({ record }) => Object.keys(record.fields))
  await recordAccess(
    context,
    due,
    { how: 'rewrap', names },
    made.map((record) => ({ record })),
  )
  context.stdout.write(
    `prov: ${plural(made.length, 'restricted record')} encrypted to the keys of today; the old ciphertext stays in history until git prov redact ${due[0]?.id.slice(0, 12)}\n`,
  )
  return 0
}

/** Values, their keys and so their commitments stay. */
async function rewrapOne(
  { id, record }: StoredRecord<Restricted>,
  recipients: readonly string[],
  identities: readonly string[],
  agent: Restricted['agent'],
  now: Date,
): Promise<StoredRecord<Restricted>> {
  const open = await decryptFields(record, Object.keys(record.fields), identities)
  return buildRecord<Restricted>(
    {
      kind: 'restricted',
      agent,
      ...(record.about && { about: record.about }),
      to: record.to,
      recipients: recipients as Restricted['recipients'],
      fields: await encryptFields(open, recipients),
      links: [...record.links.filter(({ rel }) => rel !== 'supersedes'), { rel: 'supersedes', to: `record:${id}` }],
    },
    now,
  )
}
