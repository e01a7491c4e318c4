import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { decryptFields, readIdentities } from '../recording/privacy/age-file.ts'
import { pickRestricted, readRestricted, restrictedOf } from '../recording/privacy/restricted-records.ts'
import { recordAccess } from '../recording/record-access.ts'
import type { Restricted, StoredRecord } from '../records/record.ts'
import { type Disclosure, isCommitted, type OpenField } from '../records/restricted.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov disclose ID FIELD`: one field with what proves it; `--check FILE` is the other side. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  if (typeof flags.check === 'string') return await check(context, flags.check)
  const [prefix, field] = words
  if (prefix === undefined || field === undefined || words.length > 2)
    throw new ProvError('usage', 'disclose takes the id of a restricted record and a field', {
      hint: 'git prov help disclose',
    })
  const repository = context.repository()
  const stored = await holderOf(context, prefix, field)
  const identities = readIdentities(repository, flags.identity as string | undefined)
  const [open] = (await decryptFields(stored.record, [field], identities)) as [OpenField]
  const to = flags.to as string | undefined
  await recordAccess(context, [stored], { how: 'disclose', names: [field], ...(to && { to }) })
  const disclosure: Disclosure = { record: stored.id, field, value: open.value, key: open.key }
  context.stdout.write(`${JSON.stringify(disclosure, null, 2)}\n`)
  return 0
}

/** Of the restricted records a word names, the newest with the field. */
async function holderOf(context: Context, word: string, field: string): Promise<StoredRecord<Restricted>> {
  const objects = new ObjectReader(context.repository())
  try {
    const found = await restrictedOf(context.repository(), objects, word)
    return (found.find(({ record }) => Object.hasOwn(record.fields, field)) ?? found[0]) as StoredRecord<Restricted>
  } finally {
    objects.close()
  }
}

async function check(context: Context, file: string): Promise<number> {
  const { record, ...open } = readDisclosure(resolve(context.cwd, file))
  const { record: restricted } = pickRestricted(await readRestricted(context.repository()), record)
  const holds = isCommitted(open, restricted.fields[open.field]?.commitment)
  const by = `${restricted.agent.name} <${restricted.agent.email}>, ${restricted.time.slice(0, 10)}`
  context.stdout.write(
    holds
      ? `prov: ${escapeLine(`${open.field} is what record ${record.slice(0, 12)} committed to (${by})`)}\n`
      : `prov: ${escapeLine(`${open.field} is not what record ${record.slice(0, 12)} committed to`)}\n`,
  )
  return holds ? 0 : 1
}

function readDisclosure(file: string): Disclosure {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Disclosure
    if ([value.record, value.field, value.value, value.key].every((part) => typeof part === 'string')) return value
  } catch (error) {
    throw new ProvError('usage', `'${file}' is not a disclosure: ${messageOf(error)}`, {
      hint: 'git prov disclose <id> <field> makes one',
    })
  }
  throw new ProvError('usage', `'${file}' is not a disclosure`, { hint: 'git prov disclose <id> <field> makes one' })
}
