import { ProvError } from './errors.ts'

const units: Record<string, number> = { day: 1, week: 7, month: 30.4375, year: 365.25 }

/** Parses a date given to `--<option>`: 2025-01-31 (midnight UTC), a full RFC 3339 time, or `2 years` (ago). Throws `usage`. */
export function parseDateOption(option: string, text: string, now: Date): Date {
  const ago = text.match(/^(\d{1,5}) ?(day|week|month|year)s?( ago)?$/)
  if (ago) return new Date(now.getTime() - Number(ago[1]) * (units[ago[2] as string] as number) * 86_400_000)
  const iso = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text) ? new Date(text) : undefined
  const day = text.slice(0, 10)
  const isReal = iso && !Number.isNaN(iso.getTime()) && (text.length > 10 || iso.toISOString().startsWith(day))
  if (isReal) return iso
  throw new ProvError('usage', `--${option} '${text}' is not a date`, {
    hint: `--${option} 2025-01-31, or --${option} '2 years'`,
  })
}
