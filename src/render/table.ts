import { type TextWidth, textWidth } from './text-width.ts'

export interface Cell {
  /** Escaped already. */
  text: string
  style?: (text: string) => string
}

export interface TableColumn {
  title: string
  /** point: numbers stand with their decimal points under one another. */
  align: 'left' | 'point'
  cells: readonly Cell[]
}

const gap = 2
const widest = 40

/**
 * Columns under their titles, two spaces apart, in at most `width` terminal columns: what does not fit is dropped from the
 * right, and its titles are returned. No cell is wider than 40. Characters are as wide as terminals draw them (UAX #11).
 */
export async function renderTable(
  columns: readonly TableColumn[],
  width: number,
  head: (text: string) => string,
): Promise<{ lines: string[]; dropped: string[] }> {
  const widthOf = await textWidth(columns.flatMap(({ title, cells }) => [title, ...cells.map(({ text }) => text)]))
  const laid = columns.map((column) => layOut(column, widthOf))
  let used = -gap
  const kept = laid.filter((column, place) => {
    used += column.width + gap
    return place === 0 || used <= width
  })
  const count = Math.max(0, ...columns.map(({ cells }) => cells.length))
  const rows = [...Array(count + 1).keys()].map((row) => row - 1)
  const lines = rows.map((row) => renderRow(kept, row, head, widthOf))
  return { lines, dropped: columns.slice(kept.length).map(({ title }) => title) }
}

interface Laid {
  width: number
  title: string
  texts: string[]
  cells: readonly Cell[]
}

function layOut({ title, align, cells }: TableColumn, widthOf: TextWidth): Laid {
  const cut = cells.map(({ text }) => truncate(text, widest, widthOf))
  const texts = align === 'point' ? onThePoint(cut) : cut
  return { title, texts, cells, width: Math.max(widthOf(title), ...texts.map(widthOf)) }
}

function onThePoint(texts: readonly string[]): string[] {
  const before = (text: string) => (text.includes('.') ? text.indexOf('.') : text.length)
  const most = Math.max(0, ...texts.map(before))
  return texts.map((text) => (text === '' ? '' : ' '.repeat(most - before(text)) + text))
}

function renderRow(columns: readonly Laid[], row: number, head: (text: string) => string, widthOf: TextWidth): string {
  let line = ''
  let owed = 0
  for (const { title, texts, cells, width } of columns) {
    const text = row < 0 ? title : (texts[row] ?? '')
    const style = row < 0 ? head : cells[row]?.style
    // Blanks are owed until something follows: no line ends in them.
    if (text.trim() !== '') {
      line += ' '.repeat(owed) + (style ? style(text) : text)
      owed = 0
    } else owed += widthOf(text)
    owed += width - widthOf(text) + gap
  }
  return line
}

/** A text cut to a width, with dots where something is gone. */
function truncate(text: string, width: number, widthOf: TextWidth): string {
  if (widthOf(text) <= width) return text
  let kept = ''
  let used = 0
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, width * 8))) {
    used += widthOf(segment)
    if (used > width - 3) break
    kept += segment
  }
  return `${kept}...`
}

/** As many of some phrases as fit on one line after a label, and how many did not. */
export async function joinFitting(
  label: string,
  phrases: readonly string[],
  separator: string,
  width: number,
): Promise<string> {
  const widthOf = await textWidth([label, ...phrases])
  let line = label
  for (const [place, phrase] of phrases.entries()) {
    const next = place === 0 ? `${line}${phrase}` : `${line}${separator}${phrase}`
    const rest = phrases.length - place
    const tail = rest > 1 ? ` and ${rest - 1} more` : ''
    if (place > 0 && widthOf(next) + tail.length > width) return `${line} and ${rest} more`
    line = next
  }
  return truncate(line, width, widthOf)
}
