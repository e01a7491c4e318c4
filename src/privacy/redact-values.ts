import type { Found, Redacted, Redactor } from './redact.ts'
import { isSecretValue, judgeName } from './secret-names.ts'

/** Redacts a command line: `--token X`, `--token=X` and `TOKEN=X` by name, the rest as free text. */
export function redactCommand(redactor: Redactor, words: readonly string[], where: string): Redacted<string[]> {
  const found: Found[] = []
  const value = words.map((word, index) => {
    const name = optionName(words[index - 1])
    const at = word.match(/^(-{0,2}[A-Za-z_][\w.+-]*)=(.*)$/s)
    const place = `${where}[${index}]`
    const result = at
      ? redactor.redactValue((at[1] as string).replace(/^-+/, ''), at[2] as string, place)
      : name !== undefined && !word.startsWith('-')
        ? redactor.redactValue(name, word, place)
        : redactor.redact(word, place)
    found.push(...result.found)
    return at ? `${at[1]}=${result.text}` : result.text
  })
  return { value, found }
}

/** The name in `--token` or `-token` without `=value`. */
const optionName = (word: string | undefined) => word?.match(/^--?([A-Za-z][\w.-]*)$/)?.[1]

/**
 * Redacts a JSON value recursively: a string is judged by its key, or by the key of the list it is in. Keys are redacted
 * as free text.
 */
export function redactDeep<T>(redactor: Redactor, value: T, where: string, key = ''): Redacted<T> {
  const found: Found[] = []
  const walk = (part: unknown, place: string, name: string, depth: number): unknown => {
    if (typeof part === 'string') {
      const result = name ? redactor.redactValue(name, part, place) : redactor.redact(part, place)
      found.push(...result.found)
      return result.text
    }
    if (typeof part === 'number' && isSecretNumber(name, part)) return walk(String(part), place, name, depth)
    if (Array.isArray(part)) return part.map((member, index) => walk(member, `${place}[${index}]`, name, depth + 1))
    if (part === null || typeof part !== 'object') return part
    if (depth > 64) return walk(JSON.stringify(part), place, '', 0)
    const result: Record<string, unknown> = Object.create(null)
    for (const [member, inner] of Object.entries(part)) {
      const clean = redactor.redact(member, place)
      found.push(...clean.found)
      result[clean.text] = walk(inner, `${place}.${clean.text}`, member, depth + 1)
    }
    return result
  }
  return { value: walk(value, where, key, 0) as T, found }
}

/** A password may be all digits. */
const isSecretNumber = (name: string, value: number) =>
  judgeName(name) === 'secret' &&
  Number.isInteger(value) &&
  isSecretValue('secret', name, String(value)) &&
  value > 9999

/** A redactor that also collects everything it found. */
export function collectingRedactor(redactor: Redactor): Redactor & { found: Found[] } {
  const found: Found[] = []
  const keep = (result: { text: string; found: Found[] }) => {
    found.push(...result.found)
    return result
  }
  return {
    id: redactor.id,
    found,
    holdsSecret: (text, where) => {
      const holds = redactor.holdsSecret(text, where)
      if (holds) found.push({ where, rule: 'secret-in-a-name' })
      return holds
    },
    redact: (text, where) => keep(redactor.redact(text, where)),
    redactValue: (name, value, where) => keep(redactor.redactValue(name, value, where)),
  }
}

/** A redactor that skips texts already known to be clean. */
export function skippingRedactor(
  redactor: Redactor,
  clean: { has(text: string): boolean; add(text: string): void },
): Redactor {
  const unlessClean = (key: string, text: string, look: () => { text: string; found: Found[] }) => {
    if (clean.has(key)) return { text, found: [] }
    const result = look()
    if (result.found.length === 0) clean.add(key)
    return result
  }
  return {
    ...redactor,
    redact: (text, where) => unlessClean(`=${text}`, text, () => redactor.redact(text, where)),
    redactValue: (name, value, where) =>
      unlessClean(`:${name}\0${value}`, value, () => redactor.redactValue(name, value, where)),
  }
}

/** One line saying what was removed and where; undefined when nothing was. */
export function sayFound(found: readonly Found[]): string | undefined {
  if (found.length === 0) return undefined
  const places = [...new Set(found.map(({ where, rule }) => `${where} (${rule})`))]
  const shown = places.slice(0, 3).join(', ')
  const more = places.length > 3 ? ` and ${places.length - 3} more` : ''
  return `prov: kept out of the record: ${shown}${more}`
}
