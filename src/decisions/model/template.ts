import type { DecisionFile } from './decision.ts'
import { decisionFields, type Field } from './fields.ts'
import { formatDecision } from './format.ts'
import type { Role } from './roles.ts'

/** Name of the schema's copy beside the decision files, which editors read offline. */
export const schemaFileName = '.decision-file.v1.schema.json'

/** The comment by which editors find the schema. */
export const schemaLine = `# yaml-language-server: $schema=${schemaFileName}\n`
const width = 100

/**
 * A new decision file: the known fields, then each field the role requires, empty and explained, then optional ones as
 * comments to uncomment.
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
