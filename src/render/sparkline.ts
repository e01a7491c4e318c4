const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
const letters = ['_', '.', ':', '-', '=', '+', '*', '#']

/**
 * A series drawn with one character per value, scaled from minimum to maximum, with gaps where there is no number.
 * Undefined for fewer than two numbers. `unicode`: block elements (U+2581 to U+2588), else ASCII.
 */
export function sparkline(values: readonly (number | null)[], unicode: boolean): string | undefined {
  const numbers = values.filter((value): value is number => value !== null && Number.isFinite(value))
  if (numbers.length < 2) return undefined
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)]
  const steps = unicode ? blocks : letters
  const level = (value: number) => (high === low ? 3 : Math.round(((value - low) / (high - low)) * (steps.length - 1)))
  return values.map((value) => (value !== null && Number.isFinite(value) ? steps[level(value)] : ' ')).join('')
}

/** Whether the locale can show more than ASCII (POSIX precedence: LC_ALL, LC_CTYPE, LANG). */
export function isUnicodeLocale(env: Readonly<Record<string, string | undefined>>): boolean {
  return /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '')
}
