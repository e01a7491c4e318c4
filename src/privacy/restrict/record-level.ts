import { isDeepStrictEqual } from 'node:util'
import { stringifyLine } from '../../base/json.ts'
import type { ProvRecord } from '../../records/record.ts'
import { maxValueBytes } from '../../records/restricted.ts'
import { type Encrypter, placeholder } from './encrypter.ts'

/** The field that holds everything encrypted of a whole record. */
export const recordLevelField = 'record'

/** What remains of a record of some kind: a KindShell of records/. */
export interface Shell {
  keep(record: ProvRecord): object
  placed(kept: object, placeholder: string): object
  files?(record: ProvRecord): (string | undefined)[]
}

/**
 * Encrypts a record's whole content: what remains is who, when, about which commit, its links, and what its schema
 * requires. Its files stay off the branch; a series becomes a field.
 */
export function encryptRecord<R extends ProvRecord>(
  record: R,
  encrypter: Encrypter,
  to: readonly string[],
  series: string | undefined,
  shell: Shell | undefined,
): { record: R; kept: Set<string> } {
  if (shell === undefined || isShell(record, shell)) return { record, kept: new Set() }
  const emptyShell = emptyShellOf(record, shell)
  const taken = fitting(Object.entries(record).filter(([name, value]) => !isDeepStrictEqual(emptyShell[name], value)))
  const text = encrypter.encrypt(recordLevelField, taken, to)
  if (series !== undefined && Buffer.byteLength(series) <= maxValueBytes) encrypter.encrypt('series', series, to)
  const kept = (shell.files?.(record) ?? []).filter((digest) => digest !== undefined)
  return { record: withPlaceholder(record, shell, text) as unknown as R, kept: new Set(kept) }
}

/** Members as JSON, dropping the longest when they do not fit into one field. */
function fitting(members: readonly [string, unknown][]): string {
  const bySize = members.map((member) => ({ member, bytes: Buffer.byteLength(stringifyLine(member)) }))
  bySize.sort((a, b) => a.bytes - b.bytes)
  while (bySize.reduce((sum, { bytes }) => sum + bytes, 0) > maxValueBytes - 1024) bySize.pop()
  return stringifyLine(Object.fromEntries(bySize.map(({ member }) => member)))
}

type Members = Record<string, unknown>

function emptyShellOf(record: ProvRecord, shell: Shell): Members {
  const { kind, version, time, tool, agent, about, links } = record
  return { kind, version, time, tool, agent, ...(about && { about }), links, ...shell.keep(record) }
}

function withPlaceholder(record: ProvRecord, shell: Shell, text: string): Members {
  return { ...emptyShellOf(record, shell), ...shell.placed(shell.keep(record), text) }
}

/** Whether a record is such a shell already, read back from the ledger. */
function isShell(record: ProvRecord, shell: Shell): boolean {
  return [...JSON.stringify(record).matchAll(placeholder)].some(([text]) =>
    isDeepStrictEqual(withPlaceholder(record, shell, text), record),
  )
}
