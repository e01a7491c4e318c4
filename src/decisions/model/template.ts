import type { DecisionFile } from './decision.ts'
import { decisionFields, type Field } from './fields.ts'
import { formatDecision } from './format.ts'
import type { Role } from './roles.ts'

/** Name of the schema's copy beside the decision files, which editors read without a network. */
export const schemaFileName = '.decision-file.v1.schema.json'

/** What editors look for. */
export const schemaLine = `# yaml-language-server: $schema=${schemaFileName}\n`
const width = 100

/**
 * A new decision file: what is known already, then each field the role owes, empty and explained, then those that may
 * help, as comments to take away.
 */
export async function writeTemplate(role: Role, known: DecisionFile, bare = false): Promise<string> {
  const written = schemaLine + (await formatDecision(known))
  if (bare) return written
  const fields = decisionFields()
  const missing = (names: readonly string[]) => names.flatMap((name) => (name in known ? [] : (fields.get(name) ?? [])))
  const owed = missing(role.must).map((field) => `\n${explain(field)}${field.name}:\n${example(field)}`)
  const offered = missing(role.offers.filter((name) => !role.must.includes(name))).map(
    (field) => `\n${explain(field)}# ${field.name}:\n${example(field)}`,
  )
  const head = offered.length > 0 ? ['\n# To use one of these, remove its #.\n'] : []
  return [written, ...owed, ...head, ...offered].join('')
}

function explain({ description }: Field): string {
  return wrap(description.replace(/ \(MADR: [^)]*\)/, ''))
    .map((line) => `# ${line}\n`)
    .join('')
}

function example({ example: text }: Field): string {
  return text.trim() === '-' || text === '' ? '' : text.replace(/^/gm, '#   ').concat('\n')
}

function wrap(text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + word.length < width - 3) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
