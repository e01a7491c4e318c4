/** A number as a record holds it: JSON has no words for the last three. */
export type Figure = number | 'NaN' | 'Infinity' | '-Infinity'

export function toFigure(value: number): Figure {
  return Number.isFinite(value) ? value : (String(value) as Figure)
}

export function fromFigure(figure: Figure): number {
  return typeof figure === 'number' ? figure : Number(figure)
}

/** Four digits that count, no more: 0.83, 1234, 1.2e-7. */
export function formatFigure(figure: Figure): string {
  if (typeof figure === 'string') return figure
  if (Number.isInteger(figure) && Math.abs(figure) < 1e9) return String(figure)
  return String(Number(figure.toPrecision(4)))
}

/** The same with its sign, for a difference: +0.04. */
export function formatDelta(delta: number): string {
  return `${delta >= 0 ? '+' : ''}${formatFigure(toFigure(delta))}`
}
