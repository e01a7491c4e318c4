import { metricPoint } from '../../records/metrics/series.ts'
import type { MetricSetBuilder } from '../../records/metrics/set.ts'
import { findAxes, isAxis, parseTime } from './axes.ts'

const maxDepth = 32

export interface Place {
  /** The file the values come from. */
  source: string
  /** Between the parts of a nested name; a dot where none is given. */
  separator?: string
  /** Names to leave out. */
  unless?: (name: string) => boolean
}

/**
 * The numbers of a structured value as metrics, by dotted path. A list of numbers is a series with its index as the
 * step; a list of objects is a table of rows. Texts and truth values are no metrics.
 */
export function addLeaves(value: unknown, place: Place, into: MetricSetBuilder, name = '', depth = 0): void {
  if (depth > maxDepth) return
  if (typeof value === 'number' || typeof value === 'bigint') {
    if (name !== '' && !place.unless?.(name)) into.metric(name, place.source, { value: Number(value) })
  } else if (Array.isArray(value)) addList(value, place, into, name, depth)
  else if (isPlain(value)) {
    for (const [key, member] of Object.entries(value)) addLeaves(member, place, into, join(name, key, place), depth + 1)
  }
}

function addList(list: readonly unknown[], place: Place, into: MetricSetBuilder, name: string, depth: number): void {
  if (list.every((member) => typeof member === 'number')) {
    for (const [step, value] of list.entries()) into.metric(name || 'value', place.source, { value, step })
  } else if (list.every(isPlain)) for (const row of list) addRow(row, place, into, name, depth + 1)
}

/** The numbers of one row of a table: an object with its step and time among its members. */
export function addRow(row: object, place: Place, into: MetricSetBuilder, prefix = '', depth = 0): void {
  const values = new Map<string, unknown>(Object.entries(row))
  const axes = findAxes([...values.keys()])
  const step = axes.step === undefined ? undefined : values.get(axes.step)
  const time = axes.time === undefined ? undefined : parseTime(values.get(axes.time))
  const count = typeof step === 'number' ? step : undefined
  const add = (value: unknown, name: string, level: number): void => {
    if (typeof value === 'number') into.metric(name, place.source, metricPoint(value, count, time))
    else if (isPlain(value) && level < maxDepth)
      for (const [key, member] of Object.entries(value)) add(member, join(name, key, place), level + 1)
  }
  for (const [key, value] of values)
    if (!isAxis(key) && !(key === axes.time && time !== undefined)) add(value, join(prefix, key, place), depth)
}

const join = (name: string, key: string, { separator = '.' }: Place) =>
  name === '' ? key : `${name}${separator}${key}`

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
}
