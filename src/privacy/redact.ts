import { createHash, createHmac } from 'node:crypto'
import { type RedactRule, redactRules } from './redact-rules.ts'
import {
  contexts,
  type PrivateWords,
  type Scan,
  type Span,
  type SpanKind,
  scanRule,
  scanWords,
} from './redact-scans.ts'
import { isSecretValue, judgeName } from './secret-names.ts'

export interface RedactorInput {
  words?: PrivateWords
  /** In addition to the built-in ones. */
  rules?: readonly RedactRule[]
  /** Exact texts that are never replaced. */
  allow?: readonly string[]
  /** 32 bytes that are not in the history: without them a pseudonym cannot be brute-forced (RFC 2104, SHA-256). */
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
  /** Derived from the key, rules and words: anything made with a different id is out of date. */
  id: string
  /** Free text: a log line, a message, a path, a whole file. */
  redact(text: string, where: string): { text: string; found: Found[] }
  /** Whether a long text that must not be altered contains a secret recognisable by its form. */
  holdsSecret(text: string, where: string): boolean
  /** A value with a known name: a variable, a parameter. */
  redactValue(name: string, value: string, where: string): { text: string; found: Found[] }
}

/** What we write as replacements. These are left alone, so that redacting twice changes nothing. */
const pseudonym = /<home>|<(?:secret|user|host|home|email|private):[0-9a-f]{8}>|<restricted:[0-9a-f]{12}>/g

/**
 * Makes the redactor, which replaces secrets and names in text before it is written. Under one key the same secret always
 * gets the same pseudonym, so that equality stays visible: `<secret:9f2c41d0>`.
 */
export function makeRedactor({ words = {}, rules = [], allow = [], key }: RedactorInput): Redactor {
  // Compiled on first use: most commits have nothing new to redact.
  let made: { shapes: Scan[]; scans: Scan[] } | undefined
  const prepared = () => {
    if (made) return made
    const shapes = [...redactRules, ...rules].map(scanRule)
    made = { shapes, scans: [...scanWords(words), ...shapes, ...contexts] }
    return made
  }
  const allowed = new Set(allow)
  const replace = (text: string, where: string, spans: readonly Span[]) => {
    const toReplace = spans.filter(({ start, end }) => {
      const part = text.slice(start, end)
      return part.replace(pseudonym, '') !== '' && !allowed.has(part)
    })
    return apply(text, where, merge(toReplace), key)
  }
  const redact = (text: string, where: string) => {
    const unreplaced = masked(text)
    const spans = text.length < 2 ? [] : prepared().scans.flatMap((scan) => [...scan(unreplaced)])
    return replace(text, where, spans)
  }
  const holdsSecret = (text: string) =>
    prepared().shapes.some((scan) => [...scan(text)].some(({ start, end }) => !allowed.has(text.slice(start, end))))
  const redactValue = (name: string, value: string, where: string) => {
    const strength = judgeName(name)
    const isSecret = strength && isSecretValue(strength, name, value)
    if (!isSecret) return redact(value, where)
    return replace(value, where, [{ start: 0, end: value.length, rule: 'secret-name', kind: 'secret' }])
  }
  const id = createHash('sha256')
    .update(key)
    .update(JSON.stringify([redactRules, rules, allow, words]))
    .digest('hex')
    .slice(0, 16)
  return { id, redact, holdsSecret, redactValue }
}

/** Hides earlier replacements from the rules without moving offsets. */
const masked = (text: string) => text.replace(pseudonym, (match) => '\ue000'.repeat(match.length))

/** Merges overlapping spans. */
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
  for (const { start, end, kind } of spans) {
    result += `${text.slice(at, start)}${pseudonymFor(kind, text.slice(start, end), key)}`
    at = end
  }
  return { text: result + text.slice(at), found: spans.map(({ rule }) => ({ where, rule })) }
}

function pseudonymFor(kind: SpanKind, text: string, key: Uint8Array): string {
  if (kind === 'own-home') return '<home>'
  const tag = createHmac('sha256', key).update(`${kind}\0${text}`).digest('hex')
  return `<${kind}:${tag.slice(0, 8)}>`
}
