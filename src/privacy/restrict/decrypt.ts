import type { ProvRecord } from '../../records/record.ts'
import type { OpenField } from '../../records/restricted.ts'
import { placeholder, placeholderOf } from './encrypter.ts'
import { recordLevelField } from './record-level.ts'

/** The first 12 digits of every commitment a text names. */
export function namedIn(text: string): string[] {
  return [...new Set([...text.matchAll(placeholder)].map(([, digits]) => digits as string))]
}

/** A record with fields in their places again, by the first 12 digits of their commitments. Not checked by its schema. */
export function decryptInto<R extends ProvRecord>(record: R, open: ReadonlyMap<string, OpenField>): R {
  const back = walk(record, open) as R
  const whole = namedIn(JSON.stringify(record)).flatMap((digits) => {
    const field = open.get(digits)
    return field?.field === recordLevelField ? [JSON.parse(field.value) as Partial<R>] : []
  })
  if (whole.length === 0) return back
  // Where the stand-in stood there may have been nothing (whole.ts).
  const { reason: _, configuration: __, ...shell } = back as R & Record<string, unknown>
  return { ...shell, ...whole[0] } as R
}

/** The same with words where nothing could be put back. */
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

/** What was taken out as JSON, in the place of what holds its stand-in. */
function structured(text: unknown, open: ReadonlyMap<string, OpenField>, names: RegExp): unknown {
  const field = open.get(placeholderOf(text) ?? '')
  return field && names.test(field.field) ? JSON.parse(field.value) : undefined
}
