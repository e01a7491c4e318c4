import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { stringifyLine } from '../base/json.ts'
import { plural } from '../base/quantity.ts'
import { loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import { readRedactionKey } from '../ledger/local/redaction-key.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { findNamed } from '../ledger/read/find-record.ts'
import type { Recording } from '../recording/door.ts'
import { encryptFields } from '../recording/privacy/age-file.ts'
import { record } from '../recording/record.ts'
import type { Restricted } from '../records/record.ts'
import { type OpenField, openField, recipientsOf } from '../records/restricted.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov restrict ID FIELD=VALUE…`: a record about another whose fields only some may read. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [word, ...pairs] = words
  const roles = (flags.to as string[] | undefined) ?? []
  if (word === undefined || pairs.length === 0 || roles.length === 0)
    throw new ProvError('usage', 'restrict takes --to <role>, a record or commit, and <field>=<value>', {
      hint: 'git prov help restrict',
    })
  const repository = context.repository()
  const { policy } = await loadConfig(repository, localDir(repository).cache)
  const recipients = recipientsOf(policy?.restricted?.recipients, roles)
  const open = await readFields(context, pairs, readRedactionKey(repository, readSettings(repository)))
  const objects = new ObjectReader(repository)
  try {
    const { stored } = await findNamed(repository, objects, word)
    const restricted: Recording<Restricted> = {
      kind: 'restricted',
      about: stored.record.about,
      fields: {
        to: roles as Restricted['to'],
        recipients: recipients as Restricted['recipients'],
        fields: await encryptFields(open, recipients),
      },
      links: [{ rel: 'annotates', to: `record:${stored.id}` }],
    }
    const { stored: made } = await record<Restricted>(context, objects, restricted, { patience: 30_000 })
    const id = made.id.slice(0, 12)
    context.stdout.write(
      flags.json
        ? `${stringifyLine({ id: made.id, ...made.record })}\n`
        : `prov: ${plural(open.length, 'field')} of ${stored.record.kind} ${stored.id.slice(0, 12)} restricted to ${escapeLine(roles.join(', '))} (${plural(recipients.length, 'key')}); git prov reveal ${id}\n`,
    )
    return 0
  } finally {
    objects.close()
  }
}

/** `name=value`, `name=@file`, or `name=-` for standard input, which keeps the value out of the shell's history. */
async function readFields(context: Context, pairs: readonly string[], key: Uint8Array): Promise<OpenField[]> {
  const fields = new Map<string, OpenField>()
  for (const pair of pairs) {
    const [, name = '', value = ''] = pair.match(/^([A-Za-z][A-Za-z0-9._-]{0,63})=(.*)$/s) ?? []
    if (name === '' || fields.has(name))
      throw new ProvError('usage', `'${pair.split('=')[0]}' is not <field>=<value>, or is given twice`, {
        hint: '<field>=<value>, <field>=@<file>, <field>=-',
      })
    fields.set(name, openField(name, await readValue(context, value), key))
  }
  return [...fields.values()]
}

async function readValue(context: Context, value: string): Promise<string> {
  if (value === '-') {
    const chunks: Buffer[] = []
    for await (const chunk of context.stdin) chunks.push(Buffer.from(chunk as Buffer))
    return Buffer.concat(chunks).toString('utf8')
  }
  if (!value.startsWith('@')) return value
  try {
    return readFileSync(resolve(context.cwd, value.slice(1)), 'utf8')
  } catch (error) {
    throw new ProvError('usage', `the value cannot be read: ${messageOf(error)}`, { hint: '<field>=@<file>' })
  }
}
