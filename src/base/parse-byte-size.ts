import { ProvError } from './errors.ts'

const units: Record<string, number> = { '': 1, b: 1, k: 1e3, kb: 1e3, m: 1e6, mb: 1e6, g: 1e9, gb: 1e9 }

/** Parses `100MB`, `1.5 GB` or `4096` (decimal units) to bytes. Throws `usage` naming the option. */
export function parseByteSize(text: string, option: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim())
  const unit = units[(match?.[2] ?? '').toLowerCase()]
  if (!match || unit === undefined)
    throw new ProvError('usage', `${option} ${text} is not a size`, { hint: `${option} 100MB` })
  return Math.round(Number(match[1]) * unit)
}
