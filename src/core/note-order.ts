import { formatNoteLine, type NoteLine, parseNote } from './note.ts'

/** The text of a note from its lines: each once, by time and then by text, so that it is the same wherever it is made. */
export function formatNote(lines: readonly NoteLine[]): string {
  const texts = new Map(lines.map((line) => [formatNoteLine(line), line.time]))
  const ordered = [...texts].sort(([a, at], [b, bt]) => compare(at, bt) || compare(a, b))
  return ordered.map(([text]) => `${text}\n`).join('')
}

/** A note with lines added that it may have already. */
export function addToNote(text: string, lines: readonly NoteLine[]): string {
  return formatNote([...parseNote(text).lines, ...lines])
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
