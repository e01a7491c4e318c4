// What counts the steps and tells the time in a table of metrics. The first of these that is there does.
const steps = ['step', 'global_step', '_step', 'iteration', 'iter', 'epoch', 'round', 'batch']
const times = ['time', 'timestamp', '_timestamp', 'wall_time', 'walltime', 'wall time', 'date', 'datetime']

export interface Axes {
  step?: string
  time?: string
}

/** The columns (or keys) that are the axes of a table. */
export function findAxes(names: readonly string[]): Axes {
  const find = (words: readonly string[]) =>
    words.flatMap((word) => names.filter((name) => name.trim().toLowerCase() === word))[0]
  const [step, time] = [find(steps), find(times)]
  return { ...(step !== undefined && { step }), ...(time !== undefined && { time }) }
}

/** Whether a name is one of an axis and so no metric, even when another axis is used. */
export function isAxis(name: string): boolean {
  return steps.includes(name.trim().toLowerCase())
}

/** A moment in ms since the epoch, from seconds, ms, or a date; undefined for seconds since a start, and for anything else. */
export function parseTime(value: unknown): number | undefined {
  if (typeof value === 'string') {
    const number = parseNumber(value)
    if (number !== undefined) return parseTime(number)
    const moment = Date.parse(value)
    return Number.isNaN(moment) ? undefined : moment
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  if (value > 1e17) return Math.round(value / 1e6)
  if (value > 1e14) return Math.round(value / 1e3)
  if (value > 1e11) return Math.round(value)
  return value > 1e8 ? Math.round(value * 1000) : undefined
}

const decimal = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/
const word = /^\s*([+-]?)(?:(nan)|inf(?:inity)?)\s*$/i

/** A number as programs print it, nan and inf among them; undefined for other text. */
export function parseNumber(text: string): number | undefined {
  if (decimal.test(text)) return Number(text)
  const match = word.exec(text)
  if (!match) return undefined
  if (match[2]) return Number.NaN
  return match[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}
