import type { Problem } from '../../generated/types.ts'
import { cutText } from './cut-text.ts'
import type { Limit } from './limit.ts'
import type { Shortened } from './shorten.ts'

/** Repeatedly halves the longest text, list or object that has a limit, until `bytesOf` says the whole is short enough. */
export function halveUntil<T extends object>(
  record: T,
  limit: Limit,
  most: number,
  bytesOf: (record: T) => number,
): Shortened<T> {
  const problems = new Map<string, Problem>()
  let value = record
  for (let bytes = bytesOf(value); bytes > most; bytes = bytesOf(value)) {
    const [longest] = halvable(value, limit, []).sort((a, b) => b.size - a.size)
    if (!longest) break
    const where = longest.path.join('.')
    if (!problems.has(where)) problems.set(where, { where, reason: `shortened: the record was ${bytes} bytes long` })
    value = halveAt(value, longest.path) as T
  }
  return { value, problems: [...problems.values()] }
}

interface Part {
  path: readonly (string | number)[]
  size: number
}

/** Parts that can be halved without removing a required member. */
function halvable(value: unknown, limit: Limit | undefined, path: Part['path']): Part[] {
  if (limit === undefined || value === undefined || value === null) return []
  if (typeof value === 'string')
    return typeof limit === 'number' && value.length > 1 ? [{ path, size: value.length }] : []
  if (typeof value !== 'object' || typeof limit === 'number') return []
  const members = Object.entries(value)
  if (limit.most !== undefined && members.length > 1) return [{ path, size: JSON.stringify(value).length }]
  return members.flatMap(([name, one]) => {
    const own = limit.of && Object.hasOwn(limit.of, name) ? limit.of[name] : limit.each
    // The list of what was shortened is not itself shortened.
    return path.length === 0 && name === 'problems' ? [] : halvable(one, own, [...path, name])
  })
}

function halveAt(value: unknown, [name, ...rest]: Part['path']): unknown {
  if (name === undefined) return half(value)
  if (Array.isArray(value)) return value.map((one, at) => (String(at) === name ? halveAt(one, rest) : one))
  return { ...(value as object), [name]: halveAt((value as Record<string, unknown>)[name], rest) }
}

function half(part: unknown): unknown {
  if (typeof part === 'string') return cutText(part, Math.ceil(part.length / 2)) || part.slice(0, 1)
  if (Array.isArray(part)) return part.slice(0, Math.ceil(part.length / 2))
  const members = Object.entries(part as object)
  return Object.fromEntries(members.slice(0, Math.ceil(members.length / 2)))
}
