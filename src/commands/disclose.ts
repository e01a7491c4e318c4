import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { messageOf, ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'
import { checkDisclosure, discloseField } from '../recording/restricted/disclose.ts'
import type { Disclosure } from '../records/restricted.ts'
import { type CommandSpec, parseWords } from '../terminal/words.ts'

/** `git prov disclose ID FIELD`: one field with its proof; `--check FILE` verifies such a proof. */
export async function run(argv: string[], context: Context, spec: CommandSpec): Promise<number> {
  const { flags, words } = parseWords(spec, argv)
  const { check: file, identity, to } = flags as Record<string, string | undefined>
  if (file !== undefined) return await check(context, file)
  const [word, field] = words
  if (word === undefined || field === undefined || words.length > 2)
    throw new ProvError('usage', 'disclose takes the id of a restricted record and a field', {
      hint: 'git prov help disclose',
    })
  const disclosure = await discloseField(context, { word, field, identity, to })
  context.stdout.write(`${JSON.stringify(disclosure, null, 2)}\n`)
  return 0
}

async function check(context: Context, file: string): Promise<number> {
  const disclosure = readDisclosure(resolve(context.cwd, file))
  const { holds, restricted } = await checkDisclosure(context, disclosure)
  const what = `record ${disclosure.record.slice(0, 12)} committed to`
  const by = `${restricted.agent.name} <${restricted.agent.email}>, ${restricted.time.slice(0, 10)}`
  context.stdout.write(
    holds
      ? `prov: ${escapeLine(`${disclosure.field} is what ${what} (${by})`)}\n`
      : `prov: ${escapeLine(`${disclosure.field} is not what ${what}`)}\n`,
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
