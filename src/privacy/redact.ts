import { createHash, createHmac } from 'node:crypto'
import { type RedactRule, redactRules } from './redact-rules.ts'
import { contexts, type PrivateWords, type Scan, type Sort, type Span, scanRule, scanWords } from './redact-scans.ts'
import { isSecretValue, judgeName } from './secret-names.ts'

export interface RedactorInput {
  words?: PrivateWords
  /** Beside the built-in ones. */
  rules?: readonly RedactRule[]
  /** Texts that are never replaced, as they stand. */
  allow?: readonly string[]
  /** 32 bytes that are not in the history: without them a pseudonym cannot be guessed back (RFC 2104, SHA-256). */
  key: Uint8Array
}

/** Where something was replaced, and which rule found it. */
export interface Found {
  where: string
  rule: string
}

export interface Redacted<T = string> {
  value: T
  found: Found[]
}

export interface Redactor {
  /** The same for the same key, rules and words: what was made with another one is not up to date. */
  id: string
  /** Free text: a log line, a message, a path, a whole file. */
  redact(text: string, where: string): { text: string; found: Found[] }
  /** Whether a long text of which nothing can be replaced holds a secret that is known by its form. */
  holdsSecret(text: string, where: string): boolean
  /** A value whose name is known: a variable, a parameter. */
  redactValue(name: string, value: string, where: string): { text: string; found: Found[] }
}

/** What we write in place of something. Such a text is left as it is: redacting twice changes nothing. */
const pseudonym = /<home>|<(?:secret|user|host|home|email|private):[0-9a-f]{8}>|<restricted:[0-9a-f]{12}>/g

/**
 * Makes the one thing that takes secrets and names out of text before it is written. The same secret has the same
 * pseudonym under the same key, so that equality stays visible: `<secret:9f2c41d0>`.
 */
export function makeRedactor({ words = {}, rules = [], allow = [], key }: RedactorInput): Redactor {
  // Most commits have nothing new to look at.
  let made: { shapes: Scan[]; scans: Scan[] } | undefined
  const prepared = () => {
    if (made) return made
    const shapes = [...redactRules, ...rules].map(scanRule)
    made = { shapes, scans: [...scanWords(words), ...shapes, ...contexts] }
    return made
  }
  const allowed = new Set(allow)
  const replace = (text: string, where: string, spans: readonly Span[]) => {
    const open = spans.filter(({ start, end }) => {
      const part = text.slice(start, end)
      return part.replace(pseudonym, '') !== '' && !allowed.has(part)
    })
    return apply(text, where, merge(open), key)
  }
  const redact = (text: string, where: string) => {
    const open = masked(text)
    const spans = text.length < 2 ? [] : prepared().scans.flatMap((scan) => [...scan(open)])
    return replace(text, where, spans)
  }
  const holdsSecret = (text: string) =>
    prepared().shapes.some((scan) => [...scan(text)].some(({ start, end }) => !allowed.has(text.slice(start, end))))
  const redactValue = (name: string, value: string, where: string) => {
    const strength = judgeName(name)
    const whole = strength && isSecretValue(strength, name, value)
    if (!whole) return redact(value, where)
    return replace(value, where, [{ start: 0, end: value.length, rule: 'secret-name', sort: 'secret' }])
  }
  const id = createHash('sha256')
    .update(key)
    .update(JSON.stringify([redactRules, rules, allow, words]))
    .digest('hex')
    .slice(0, 16)
  return { id, redact, holdsSecret, redactValue }
}

/** What was replaced before says nothing to the rules. The places stay. */
const masked = (text: string) => text.replace(pseudonym, (match) => '\ue000'.repeat(match.length))

/** Overlapping finds become one. */
function merge(spans: readonly Span[]): Span[] {
  const merged: Span[] = []
  for (const span of [...spans].sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1)
    if (!last || span.start >= last.end) merged.push({ ...span })
    else last.end = Math.max(last.end, span.end)
  }
  return merged
}

function apply(text: string, where: string, spans: readonly Span[], key: Uint8Array) {
  let result = ''
  let at = 0
  for (const { start, end, sort } of spans) {
    result += `${text.slice(at, start)}${nameFor(sort, text.slice(start, end), key)}`
    at = end
  }
  return { text: result + text.slice(at), found: spans.map(({ rule }) => ({ where, rule })) }
}

function nameFor(sort: Sort, text: string, key: Uint8Array): string {
  if (sort === 'own-home') return '<home>'
  const tag = createHmac('sha256', key).update(`${sort}\0${text}`).digest('hex')
  return `<${sort}:${tag.slice(0, 8)}>`
}
