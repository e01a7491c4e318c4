import type { FieldKind, Literal } from './expression.ts'

const numeral = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)([a-z]*)$/i
const day = 86_400
const spans: Record<string, number> = { ms: 0.001, s: 1, sec: 1, m: 60, min: 60, h: 3600, d: day, w: 7 * day }
const sizes: Record<string, number> = { b: 1, k: 1e3, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12 }
for (const [power, unit] of ['kib', 'mib', 'gib', 'tib'].entries()) sizes[unit] = 1024 ** (power + 1)
const notFinite: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  '-infinity': Number.NEGATIVE_INFINITY,
}

/** What each kind of field can be compared with, for messages. */
export const expectedOf: Record<FieldKind, string> = {
  any: 'a value',
  text: 'a word, or text in quotes',
  number: 'a number',
  moment: 'a date (2026-11-01, 2026-11-01T09:30) or an age (2d ago)',
  seconds: 'a time such as 90, 90s, 10min, 2h or 3d',
  bytes: 'a size such as 500MB or 2GiB',
  digest: 'hex digits, or text in quotes',
  flag: 'true or false',
}

/** Parses a word according to a field's kind; undefined when it does not fit. `ago`: the word ago follows. */
export function readLiteral(kind: FieldKind, text: string, quoted: boolean, ago: boolean): Literal | undefined {
  if (kind === 'moment') {
    const moment = ago ? readAge(text) : readDate(text)
    return moment && { text, quoted, moment }
  }
  if (ago) return undefined
  if (kind === 'flag') return /^(true|false)$/i.test(text) ? { text, quoted } : undefined
  const number = kind === 'text' || kind === 'digest' ? undefined : readNumber(kind, text)
  if (number === undefined && (kind === 'number' || kind === 'seconds' || kind === 'bytes')) return undefined
  return { text, quoted, ...(number !== undefined && { number }) }
}

function readNumber(kind: FieldKind, text: string): number | undefined {
  const word = text.toLowerCase()
  if (Object.hasOwn(notFinite, word)) return notFinite[word]
  const match = text.length < 64 ? word.match(numeral) : null
  if (!match) return undefined
  const unit = match[2] ? unitOf(kind, match[2]) : 1
  return unit === undefined ? undefined : Number(match[1]) * unit
}

function unitOf(kind: FieldKind, word: string): number | undefined {
  const units = kind === 'seconds' ? spans : kind === 'bytes' ? sizes : {}
  return Object.hasOwn(units, word) ? units[word] : undefined
}

function readAge(text: string): Literal['moment'] | undefined {
  const seconds = readNumber('seconds', text)
  return seconds !== undefined && Number.isFinite(seconds) ? { secondsAgo: seconds } : undefined
}

const date = /^(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,3})?)?)?)?(Z?)$/i

/** A month, day, minute or second (UTC) as a time span. */
function readDate(text: string): { from: number; to: number } | undefined {
  const match = text.match(date)
  if (!match) return undefined
  const [, year, month, dayOf, hour, minute, second] = match.map((part) => (part ? Number(part) : undefined))
  const from = Date.UTC(year as number, (month as number) - 1, dayOf ?? 1, hour ?? 0, minute ?? 0, second ?? 0)
  const back = new Date(from)
  // 2026-02-30 is not a date.
  if (back.getUTCMonth() + 1 !== month || (dayOf !== undefined && back.getUTCDate() !== dayOf)) return undefined
  if ((hour ?? 0) > 23 || (minute ?? 0) > 59 || (second ?? 0) > 59) return undefined
  const length = second !== undefined ? 1 : hour !== undefined ? 60 : day
  const to = dayOf === undefined ? Date.UTC(year as number, month as number, 1) : from + length * 1000
  return { from, to }
}
