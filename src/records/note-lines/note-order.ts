import { formatNoteLine, type NoteLine, parseNote } from '../note.ts'

/** A line of a note as it is written, and the time of its record. */
export interface WrittenLine {
  text: string
  time: string
}

/** The text of a note from its lines: each once, by time and then by text, so that it is the same wherever it is made. */
export function orderNote(lines: readonly WrittenLine[]): string {
  if (lines.length === 1) return `${lines[0]?.text}\n`
  const texts = new Map(lines.map(({ text, time }) => [text, time]))
  const ordered = [...texts].sort(([a, at], [b, bt]) => compare(at, bt) || compare(a, b))
  return ordered.map(([text]) => `${text}\n`).join('')
}

/** A note with lines added that it may have already. */
export function addToNote(text: string, added: readonly NoteLine[]): string {
  const lines = text === '' ? added : mergeLines(parseNote(text).lines, added)
  return orderNote(lines.map((line) => ({ text: formatNoteLine(line), time: line.time })))
}

/** Of two lines of one record, the one that can be read stays; of two that cannot, the one that is there. */
function mergeLines(present: readonly NoteLine[], added: readonly NoteLine[]): NoteLine[] {
  const there = new Set(present.map(({ id }) => id))
  const more = added.filter(({ kind, id }) => kind !== 'unread' || !there.has(id))
  const readable = new Set(more.map(({ id }) => id))
  return [...present.filter(({ kind, id }) => kind !== 'unread' || !readable.has(id)), ...more]
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
