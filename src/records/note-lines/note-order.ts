import { formatNoteLine, type NoteLine, parseNote } from '../note.ts'

/** A line of a note as written, and the time of its record. */
export interface WrittenLine {
  text: string
  time: string
}

/** The text of a note from its lines: each once, sorted by time and then text, so that it is the same in every clone. */
export function orderNote(lines: readonly WrittenLine[]): string {
  if (lines.length === 1) return `${lines[0]?.text}\n`
  const texts = new Map(lines.map(({ text, time }) => [text, time]))
  const ordered = [...texts].sort(([a, at], [b, bt]) => compare(at, bt) || compare(a, b))
  return ordered.map(([text]) => `${text}\n`).join('')
}

/** Adds lines to a note; lines it already has are not repeated. */
export function addToNote(text: string, added: readonly NoteLine[]): string {
  const lines = text === '' ? added : mergeLines(parseNote(text).lines, added)
  return orderNote(lines.map((line) => ({ text: formatNoteLine(line), time: line.time })))
}

/** Of two lines for one record, keeps the one that can be read; if neither can, the existing one. */
function mergeLines(present: readonly NoteLine[], added: readonly NoteLine[]): NoteLine[] {
  const there = new Set(present.map(({ id }) => id))
  const more = added.filter(({ kind, id }) => kind !== 'unread' || !there.has(id))
  const readable = new Set(more.map(({ id }) => id))
  return [...present.filter(({ kind, id }) => kind !== 'unread' || !readable.has(id)), ...more]
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
