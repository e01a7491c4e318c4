import { stringifyLine } from '../base/json.ts'
import { kindNotes } from './index.ts'
import { isKindName } from './kind-name.ts'
import type { KindNote } from './note-lines/kind-note.ts'
import { isCommit, isDigest, isPlain } from './note-lines/line-checks.ts'
import type { StoredRecord } from './record.ts'

type Notes = typeof kindNotes
type KnownLine = ReturnType<Notes[keyof Notes]['line']>

/** One line of a note: the index entry of one record about the commit. */
export type NoteLine = KnownLine | UnreadLine

/**
 * A line of which only the record's kind can be read: the kind is from a newer git-prov, or the line was written by an
 * older one that did not know the kind. It is kept as is: the other version can read it.
 */
export interface UnreadLine {
  kind: 'unread'
  /** The kind of its record. */
  of: string
  id: string
  /** Empty if it has none. */
  time: string
  text: string
}

const isKnown = (kind: string): kind is keyof Notes => Object.hasOwn(kindNotes, kind)

/** Whether a line is of a kind that only a newer git-prov knows. */
export function isNewer(line: NoteLine): line is UnreadLine {
  return line.kind === 'unread' && !isKnown(line.of)
}

/** The note lines of a record, by commit. They are kept short: notes are the larger half of a capture's size. */
export function noteLines({ record, id }: StoredRecord): Map<string, NoteLine> {
  if (!isKnown(record.kind)) return atItsCommit(record, isKindName(record.kind) ? newerLine(record, id) : undefined)
  const note = kindNotes[record.kind] as unknown as KindNote
  const lines = note.lines?.(record, id) ?? atItsCommit(record, note.line(record, id) as NoteLine)
  for (const commit of lines.keys()) if (!isCommit(commit)) lines.delete(commit)
  return lines as Map<string, NoteLine>
}

function atItsCommit({ about }: StoredRecord['record'], line: NoteLine | undefined): Map<string, NoteLine> {
  return new Map(line && isCommit(about?.commit) ? [[about.commit, line]] : [])
}

/** All that can be written for a record of an unknown kind. */
function newerLine({ kind, time }: { kind: string; time: unknown }, id: string): UnreadLine {
  return { kind: 'unread', of: kind, id, time: String(time), text: stringifyLine({ id, kind, time: String(time) }) }
}

/** Whether a note may have lines of such kinds, cheaper than reading them. */
export function mayHoldNewer(note: string): boolean {
  for (const [, kind = ''] of note.matchAll(/"kind"\s*:\s*"([^"]*)"/g)) if (!isKnown(kind)) return true
  return false
}

export function formatNoteLine(line: NoteLine): string {
  return line.kind === 'unread' ? line.text : stringifyLine(line)
}

/**
 * The lines of a note that are ours. A note can be edited by hand, merged by git or hold other tools' text: lines not in
 * our format are skipped and counted, since the note can always be rebuilt from the branch.
 */
export function parseNote(text: string): { lines: NoteLine[]; skipped: number } {
  const lines: NoteLine[] = []
  let skipped = 0
  for (const raw of text.split('\n')) {
    if (raw.trim() === '') continue
    const line = raw.length <= maxLineLength ? parseLine(raw) : undefined
    if (line) lines.push(line)
    else skipped += 1
  }
  return { lines, skipped }
}

const maxLineLength = 1024 * 1024

function parseLine(raw: string): NoteLine | undefined {
  try {
    const value: unknown = JSON.parse(raw)
    return isPlain(value) && isDigest(value.id) ? toLine(value as Partial<NoteLine>, raw) : undefined
  } catch {
    return undefined
  }
}

function toLine(value: Partial<NoteLine>, raw: string): NoteLine | undefined {
  const { kind, id, time } = value as Record<string, unknown>
  if (!isKindName(kind)) return undefined
  const unread = {
    kind: 'unread',
    of: kind,
    id: String(id),
    time: typeof time === 'string' ? time : '',
    text: raw,
  } as const
  if (!isKnown(kind)) return unread
  if (typeof time !== 'string') return undefined
  if ((kindNotes[kind] as KindNote).read(value as never)) return value as NoteLine
  return Object.keys(value).length === 3 ? unread : undefined
}
