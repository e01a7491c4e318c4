import { metricPoint } from '../../records/metrics/series.ts'
import type { MetricSetBuilder } from '../../records/metrics/set.ts'
import { parseNumber, parseTime } from './axes.ts'
import { readJsonLines } from './json-lines.ts'
import type { MetricFile } from './source.ts'

const source = 'events'

/** The JSON Lines that a program appended to the file named in GIT_PROV_EVENTS (docs/events.md). */
export function readEvents(file: MetricFile, into: MetricSetBuilder): void {
  readJsonLines(file, into, (row, line) => {
    const reason = addEvent(row as Record<string, unknown>, into)
    if (reason !== undefined) into.problem(file.path, reason, line)
  })
}

type Event = Record<string, unknown>
type Add = (event: Event, into: MetricSetBuilder) => string | undefined

/** Word to what it does; each returns what is wrong with the event. */
const words: Record<string, Add> = {
  metric: (event, into) => addMetric(event.metric, event.value, event, into),
  metrics: (event, into) => addMembers('metrics', event.metrics, (name, value) => addMetric(name, value, event, into)),
  param: (event, into) => addParameter(event.param, event.value, into),
  params: (event, into) => addMembers('params', event.params, (name, value) => addParameter(name, value, into)),
  tag: ({ tag, value }, into) => {
    if (typeof tag !== 'string') return 'tag must be a text'
    into.tag(tag, value === undefined ? '' : String(value), source)
    return undefined
  },
  input: ({ input }, into) => addText('input', input, (path) => into.path('inputs', path)),
  output: ({ output }, into) => addText('output', output, (path) => into.path('outputs', path)),
  note: ({ note }, into) => addText('note', note, (text) => into.note(text)),
}
const expected = Object.keys(words).join(', ')

function addEvent(event: Event, into: MetricSetBuilder): string | undefined {
  const found = Object.keys(words).filter((word) => Object.hasOwn(event, word))
  if (found.length !== 1)
    return `expected one of ${expected}${found.length > 1 ? `; found ${found.join(' and ')}` : ''}`
  return (words[found[0] as string] as Add)(event, into)
}

function addText(word: string, text: unknown, add: (text: string) => void): string | undefined {
  if (typeof text !== 'string' || text === '') return `${word} must be a text`
  add(text)
  return undefined
}

function addMembers(word: string, members: unknown, add: (name: string, value: unknown) => string | undefined) {
  if (typeof members !== 'object' || members === null || Array.isArray(members)) return `${word} must be an object`
  return Object.entries(members)
    .map(([name, value]) => add(name, value))
    .find((reason) => reason !== undefined)
}

function addMetric(name: unknown, value: unknown, { step, time }: Event, into: MetricSetBuilder): string | undefined {
  if (typeof name !== 'string') return 'metric must be a name'
  const number = typeof value === 'string' ? parseNumber(value) : value
  if (typeof number !== 'number') return `value of metric ${JSON.stringify(name.slice(0, 80))} must be a number`
  if (step !== undefined && typeof step !== 'number') return 'step must be a number'
  into.metric(name, source, metricPoint(number, step, parseTime(time)))
  return undefined
}

function addParameter(name: unknown, value: unknown, into: MetricSetBuilder): string | undefined {
  if (typeof name !== 'string') return 'param must be a name'
  if (typeof value === 'object' && value !== null) into.parameter(source, name, JSON.stringify(value))
  else if (value === undefined) return `param ${JSON.stringify(name.slice(0, 80))} has no value`
  else
    into.parameter(
      source,
      name,
      typeof value === 'number' && !Number.isFinite(value)
        ? String(value)
        : (value as string | number | boolean | null),
    )
  return undefined
}
