import { formatAgo, formatSeconds } from '../base/duration.ts'
import { escapeLine } from '../base/escape.ts'
import { formatFigure, toFigure } from '../base/figure.ts'
import { formatBytes } from '../base/quantity.ts'
import type { FieldKind, Path, Value } from '../expression/expression.ts'

const titles: Readonly<Record<string, string>> = { started: 'when', duration: 'time', expectation: 'expected' }

/** The heading of a field's column. */
export function fieldTitle({ root, name }: Path): string {
  return escapeLine(name ?? titles[root] ?? root)
}

/** A value as people read it; empty for none. */
export function fieldText(path: Path, kind: FieldKind, value: Value | undefined, now: Date): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return numberText(kind, value, now)
  const text = escapeLine(String(value))
  if (kind === 'digest') return text.slice(0, 6)
  if (path.root === 'verdict') return `replayed, ${text.replaceAll('-', ' ')}`
  return path.root === 'expectation' ? text.replaceAll('-', ' ') : text
}

function numberText(kind: FieldKind, value: number, now: Date): string {
  if (kind === 'moment') return formatAgo(new Date(value), now)
  if (kind === 'seconds') return formatSeconds(value)
  return kind === 'bytes' ? formatBytes(value) : formatFigure(toFigure(value))
}

/** The texts of a numeric column padded to the same number of decimals, unless that is too many. */
export function alignDecimals(texts: readonly string[]): string[] {
  const plain = texts.map((text) => text.match(/^[-+]?\d+(?:\.(\d+))?$/))
  const decimals = Math.max(0, ...plain.map((match) => match?.[1]?.length ?? 0))
  if (decimals === 0 || decimals > 6) return [...texts]
  return texts.map((text, place) => {
    const match = plain[place]
    if (!match) return text
    return `${match[1] === undefined ? `${text}.` : text}${'0'.repeat(decimals - (match[1]?.length ?? 0))}`
  })
}
