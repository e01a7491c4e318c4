import { type TextWidth, textWidth } from './text-width.ts'

export interface Cell {
  /** Already escaped. */
  text: string
  style?: (text: string) => string
}

export interface TableColumn {
  title: string
  /** point: aligned on the decimal point. */
  align: 'left' | 'point'
  cells: readonly Cell[]
}

const gap = 2
const widest = 40

/**
 * Columns with titles, two spaces apart, in at most `width` terminal columns: columns that do not fit are dropped from
 * the right and their titles returned. Cells are cut to 40 columns. Widths are as terminals draw them (UAX #11).
 */
export async function renderTable(
  columns: readonly TableColumn[],
  width: number,
  head: (text: string) => string,
): Promise<{ lines: string[]; dropped: string[] }> {
  const widthOf = await textWidth(columns.flatMap(({ title, cells }) => [title, ...cells.map(({ text }) => text)]))
  const laid = columns.map((column) => measureColumn(column, widthOf))
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

interface MeasuredColumn {
  width: number
  title: string
  texts: string[]
  cells: readonly Cell[]
}

function measureColumn({ title, align, cells }: TableColumn, widthOf: TextWidth): MeasuredColumn {
  const cut = cells.map(({ text }) => truncate(text, widest, widthOf))
  const texts = align === 'point' ? alignOnPoint(cut) : cut
  return { title, texts, cells, width: Math.max(widthOf(title), ...texts.map(widthOf)) }
}

function alignOnPoint(texts: readonly string[]): string[] {
  const before = (text: string) => (text.includes('.') ? text.indexOf('.') : text.length)
  const most = Math.max(0, ...texts.map(before))
  return texts.map((text) => (text === '' ? '' : ' '.repeat(most - before(text)) + text))
}

function renderRow(
  columns: readonly MeasuredColumn[],
  row: number,
  head: (text: string) => string,
  widthOf: TextWidth,
): string {
  let line = ''
  let padding = 0
  for (const { title, texts, cells, width } of columns) {
    const text = row < 0 ? title : (texts[row] ?? '')
    const style = row < 0 ? head : cells[row]?.style
    // Padding is held back until something follows, so that no line ends in blanks.
    if (text.trim() !== '') {
      line += ' '.repeat(padding) + (style ? style(text) : text)
      padding = 0
    } else padding += widthOf(text)
    padding += width - widthOf(text) + gap
  }
  return line
}

/** Cuts a text to a width, ending in dots when cut. */
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

/** As many phrases as fit on one line after a label, and how many did not. */
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
