import { plural } from '../base/quantity.ts'
import { loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import type { Recording } from '../recording/door.ts'
import { decryptFields, encryptFields, readIdentities } from '../recording/privacy/age-file.ts'
import { pickRestricted, readRestricted } from '../recording/privacy/restricted-records.ts'
import { recordAccess } from '../recording/record-access.ts'
import type { Restricted, StoredRecord } from '../records/record.ts'
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
    context.stdout.write(`prov: ${plural(current.length, 'restricted record')}: encrypted to the current keys\n`)
    return 0
  }
  const identities = readIdentities(repository, flags.identity as string | undefined)
  const made: Recording<Restricted>[] = []
  for (const stored of due) made.push(await rewrapOne(stored, keysOf(stored), identities))
  const names = due.flatMap(({ record }) => Object.keys(record.fields))
  await recordAccess(context, due, { how: 'rewrap', names }, made)
  context.stdout.write(
    `prov: ${plural(made.length, 'restricted record')} encrypted to the current keys; the old ciphertext stays in history until git prov redact ${due[0]?.id.slice(0, 12)}\n`,
  )
  return 0
}

/** Values, their keys and so their commitments stay. */
async function rewrapOne(
  { id, record }: StoredRecord<Restricted>,
  recipients: readonly string[],
  identities: readonly string[],
): Promise<Recording<Restricted>> {
  const open = await decryptFields(record, Object.keys(record.fields), identities)
  return {
    kind: 'restricted',
    about: record.about,
    fields: {
      to: record.to,
      recipients: recipients as Restricted['recipients'],
      fields: await encryptFields(open, recipients),
    },
    links: [...record.links.filter(({ rel }) => rel !== 'supersedes'), { rel: 'supersedes', to: `record:${id}` }],
  }
}
