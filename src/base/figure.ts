/** A number as records store it: JSON cannot express the last three. */
export type Figure = number | 'NaN' | 'Infinity' | '-Infinity'

export function toFigure(value: number): Figure {
  return Number.isFinite(value) ? value : (String(value) as Figure)
}

export function fromFigure(figure: Figure): number {
  return typeof figure === 'number' ? figure : Number(figure)
}

/** At most four significant digits: 0.83, 1234, 1.2e-7. */
export function formatFigure(figure: Figure): string {
  if (typeof figure === 'string') return figure
  if (Number.isInteger(figure) && Math.abs(figure) < 1e9) return String(figure)
  return String(Number(figure.toPrecision(4)))
}

/** A difference, always with its sign: +0.04. */
export function formatDelta(delta: number): string {
  return `${delta >= 0 ? '+' : ''}${formatFigure(toFigure(delta))}`
}
