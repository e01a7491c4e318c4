import { messageOf, ProvError } from '../../base/errors.ts'
import type { Context } from '../../context.ts'
import { type Asker, openAsker } from '../../terminal/ask.ts'
import type { DecisionFile } from '../model/decision.ts'
import { decisionFields, type Field } from '../model/fields.ts'
import type { Role } from '../model/roles.ts'
import { parseShorthand, type Shorthand } from '../model/shorthand.ts'

const forms: Record<string, string> = {
  criteria: 'f1 >= 0.80; how it is measured',
  evidence: 'run:<id>, dataset:<name>, commit:<revision> or file:<path>',
  follow_ups: 'what; owner; 2026-12-01',
  options: 'the option in a few words',
  hypotheses: 'one sentence that can turn out wrong',
}

/** Asks for the fields of a role, one question at a time. An empty answer leaves a field to be filled in later. */
export async function askThrough(context: Context, role: Role, known: Partial<DecisionFile>): Promise<Shorthand> {
  const fields = decisionFields()
  const names = [...new Set([...role.must, ...role.offers])].filter((name) => !(name in known))
  const ask = openAsker(context, { instead: "git prov decision new '…' --set why='…'" })
  const settings: string[] = []
  try {
    context.stdout.write(
      `Leave an answer empty to fill it in later; * is required ${role.name ? `by the role ${role.name}` : 'in every decision'}.\n`,
    )
    for (const name of names) {
      const field = fields.get(name)
      if (field && field.shape !== 'group')
        settings.push(...(await askField(context, ask, field, role.must.includes(name))))
    }
  } finally {
    ask.close()
  }
  return parseShorthand(settings)
}

async function askField(context: Context, { text }: Asker, field: Field, owed: boolean): Promise<string[]> {
  const many = field.shape === 'list' || field.shape === 'entries'
  context.stdout.write(`\n${field.description.replace(/ \(MADR: [^)]*\)/, '')}\n`)
  if (forms[field.name]) context.stdout.write(`  form: ${forms[field.name]}\n`)
  const settings: string[] = []
  for (;;) {
    const answer = await text(`${field.name}${owed ? '*' : ''}${settings.length > 0 ? ' (another)' : ''}:`)
    if (answer === '') return settings
    const setting = `${field.name}=${answer}`
    const refused = refusal(setting)
    if (refused) context.stdout.write(`  ${refused}\n`)
    else settings.push(setting)
    if (!refused && !many) return settings
  }
}

function refusal(setting: string): string | undefined {
  try {
    parseShorthand([setting])
    return undefined
  } catch (error) {
    return error instanceof ProvError ? `${messageOf(error)}; ${error.hint}` : messageOf(error)
  }
}
