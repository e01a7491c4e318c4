import { formatNoteLine, type NoteLine, parseNote } from './note.ts'

/** A line of a note as it is written, and the time of its record. */
export interface WrittenLine {
  text: string
  time: string
}

/** The text of a note from its lines: each once, by time and then by text, so that it is the same wherever it is made. */
function formatNote(lines: readonly NoteLine[]): string {
  return orderNote(lines.map((line) => ({ text: formatNoteLine(line), time: line.time })))
}

/** The same of lines that are written already. */
export function orderNote(lines: readonly WrittenLine[]): string {
  if (lines.length === 1) return `${lines[0]?.text}\n`
  const texts = new Map(lines.map(({ text, time }) => [text, time]))
  const ordered = [...texts].sort(([a, at], [b, bt]) => compare(at, bt) || compare(a, b))
  return ordered.map(([text]) => `${text}\n`).join('')
}

/** A note with lines added that it may have already. */
export function addToNote(text: string, lines: readonly NoteLine[]): string {
  return formatNote(text === '' ? lines : [...parseNote(text).lines, ...lines])
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
