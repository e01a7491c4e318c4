import { isDeepStrictEqual } from 'node:util'
import { stringifyLine } from '../../base/json.ts'
import type { ProvRecord } from '../../records/record.ts'
import { maxValueBytes } from '../../records/restricted.ts'
import { type Hider, standIn } from './encrypter.ts'

/** The field that holds all that was taken out of a record. */
export const wholeField = 'record'

/** What stays of a record of some kind: a KindBare of records/. */
export interface Bare {
  keep(record: ProvRecord): object
  placed(kept: object, placeholder: string): object
  files?(record: ProvRecord): (string | undefined)[]
}

/**
 * A record of which nothing is left that tells what it says: who, when, about which commit, what it is linked to, and
 * what its schema asks for. Its files stay off the branch; a series becomes a field.
 */
export function hideWhole<R extends ProvRecord>(
  record: R,
  hider: Hider,
  to: readonly string[],
  series: string | undefined,
  bare: Bare | undefined,
): { record: R; kept: Set<string> } {
  if (bare === undefined || isBare(record, bare)) return { record, kept: new Set() }
  const skeleton = skeletonOf(record, bare)
  const taken = fitting(Object.entries(record).filter(([name, value]) => !isDeepStrictEqual(skeleton[name], value)))
  const text = hider.hide(wholeField, taken, to)
  if (series !== undefined && Buffer.byteLength(series) <= maxValueBytes) hider.hide('series', series, to)
  const kept = (bare.files?.(record) ?? []).filter((digest) => digest !== undefined)
  return { record: withStandIn(record, bare, text) as unknown as R, kept: new Set(kept) }
}

/** JSON of members, without the longest where all are too long to be one field. */
function fitting(members: readonly [string, unknown][]): string {
  const bySize = members.map((member) => ({ member, bytes: Buffer.byteLength(stringifyLine(member)) }))
  bySize.sort((a, b) => a.bytes - b.bytes)
  while (bySize.reduce((sum, { bytes }) => sum + bytes, 0) > maxValueBytes - 1024) bySize.pop()
  return stringifyLine(Object.fromEntries(bySize.map(({ member }) => member)))
}

type Members = Record<string, unknown>

function skeletonOf(record: ProvRecord, bare: Bare): Members {
  const { kind, version, time, tool, agent, about, links } = record
  return { kind, version, time, tool, agent, ...(about && { about }), links, ...bare.keep(record) }
}

function withStandIn(record: ProvRecord, bare: Bare, text: string): Members {
  return { ...skeletonOf(record, bare), ...bare.placed(bare.keep(record), text) }
}

/** Read back from the ledger, without what was taken out of it. */
function isBare(record: ProvRecord, bare: Bare): boolean {
  return [...JSON.stringify(record).matchAll(standIn)].some(([text]) =>
    isDeepStrictEqual(withStandIn(record, bare, text), record),
  )
}
