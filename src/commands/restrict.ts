import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import { stringifyLine } from '../base/json.ts'
import { plural } from '../base/quantity.ts'
import type { Context } from '../context.ts'
import { type RestrictedFields, restrictFields } from '../recording/restricted/restrict.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov restrict ID FIELD=VALUE…`: a record about another one, with fields only some roles can read. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const [word, ...pairs] = words
  const roles = (flags.to as string[] | undefined) ?? []
  if (word === undefined || pairs.length === 0 || roles.length === 0)
    throw new ProvError('usage', 'restrict takes --to <role>, a record or commit, and <field>=<value>', {
      hint: 'git prov help restrict',
    })
  const result = await restrictFields(context, { word, roles, values: readValues(context, pairs) })
  const { made } = result
  context.stdout.write(
    flags.json ? `${stringifyLine({ id: made.id, ...made.record })}\n` : `${summaryOf(result, roles)}\n`,
  )
  return 0
}

function summaryOf({ made, about, fields, recipients }: RestrictedFields, roles: readonly string[]): string {
  const what = `${plural(fields, 'field')} of ${about.record.kind} ${about.id.slice(0, 12)}`
  const to = `${escapeLine(roles.join(', '))} (${plural(recipients, 'key')})`
  return `prov: ${what} restricted to ${to}; git prov reveal ${made.id.slice(0, 12)}`
}

/** `name=value`, `name=@file`, or `name=-` for standard input, which keeps the value out of the shell's history. */
async function* readValues(context: Context, pairs: readonly string[]): AsyncGenerator<[name: string, value: string]> {
  const seen = new Set<string>()
  for (const pair of pairs) {
    const [, name = '', value = ''] = pair.match(/^([A-Za-z][A-Za-z0-9._-]{0,63})=(.*)$/s) ?? []
    if (name === '' || seen.has(name))
      throw new ProvError('usage', `'${pair.split('=')[0]}' is not <field>=<value>, or is given twice`, {
        hint: '<field>=<value>, <field>=@<file>, <field>=-',
      })
    seen.add(name)
    yield [name, await readValue(context, value)]
  }
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
