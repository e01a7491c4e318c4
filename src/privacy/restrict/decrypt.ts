import type { ProvRecord } from '../../records/record.ts'
import type { OpenField } from '../../records/restricted.ts'
import { placeholder, placeholderOf } from './encrypter.ts'
import { recordLevelField } from './record-level.ts'

/** The first 12 digits of every commitment a text mentions. */
export function namedIn(text: string): string[] {
  return [...new Set([...text.matchAll(placeholder)].map(([, digits]) => digits as string))]
}

/** Puts decrypted fields back into a record, by the first 12 digits of their commitments. Does not validate the result. */
export function decryptInto<R extends ProvRecord>(record: R, open: ReadonlyMap<string, OpenField>): R {
  const back = walk(record, open) as R
  const recordLevel = namedIn(JSON.stringify(record)).flatMap((digits) => {
    const field = open.get(digits)
    return field?.field === recordLevelField ? [JSON.parse(field.value) as Partial<R>] : []
  })
  if (recordLevel.length === 0) return back
  // The placeholder may be in a member that the record did not have (record-level.ts).
  const { reason: _, configuration: __, ...shell } = back as R & Record<string, unknown>
  return { ...shell, ...recordLevel[0] } as R
}

/** Replaces the remaining placeholders by a description. */
export function describeRestricted<R extends ProvRecord>(record: R, describe: (digits: string) => string): R {
  const text = (value: string) => value.replace(placeholder, (_, digits: string) => describe(digits))
  const every = (part: unknown): unknown => {
    if (typeof part === 'string') return text(part)
    if (Array.isArray(part)) return part.map(every)
    if (part === null || typeof part !== 'object') return part
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [name, every(member)]))
  }
  return every(record) as R
}

function walk(part: unknown, open: ReadonlyMap<string, OpenField>): unknown {
  if (typeof part === 'string')
    return part.replace(placeholder, (text, digits: string) => open.get(digits)?.value ?? text)
  if (part === null || typeof part !== 'object') return part
  if (Array.isArray(part))
    return (
      structured(part.length === 1 ? part[0] : undefined, open, /^command/) ?? part.map((member) => walk(member, open))
    )
  const entry = structured((part as { path?: unknown }).path, open, /^data\./)
  return entry ?? Object.fromEntries(Object.entries(part).map(([name, member]) => [name, walk(member, open)]))
}

/** Parses a field that was encrypted as JSON, to replace the value that holds its placeholder. */
function structured(text: unknown, open: ReadonlyMap<string, OpenField>, names: RegExp): unknown {
  const field = open.get(placeholderOf(text) ?? '')
  return field && names.test(field.field) ? JSON.parse(field.value) : undefined
}
