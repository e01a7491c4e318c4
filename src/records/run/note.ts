import type { Figure } from '../../base/figure.ts'
import type { Line } from '../note-lines/capture-note.ts'
import type { KindNote } from '../note-lines/kind-note.ts'
import { isPlain } from '../note-lines/line-checks.ts'
import type { Run } from '../record.ts'
import { answerOf, baselineDelta, headlineMetrics } from '../run.ts'

/** The note line of a run made at a commit. */
export interface RunNote {
  kind: 'run'
  id: string
  time: string
  phase: 'planned' | 'finished'
  /** Id of the planned record, in the finished one's line. */
  plan?: string
  stage?: string
  name?: string
  status?: string
  /** Wall time. */
  seconds?: number
  /** The headline metrics, by name. */
  metrics?: Record<string, { value: Figure; delta?: number }>
  answer?: 'met' | 'not-met' | 'unknown'
}

export const run: KindNote<Run, RunNote> = {
  line(record, id) {
    const line: RunNote = { kind: 'run', id, time: record.time, phase: record.phase }
    const plan = record.links.find(({ rel }) => rel === 'wasRevisionOf')?.to.slice('record:'.length)
    if (plan) line.plan = plan
    if (record.stage) line.stage = record.stage
    if (record.name) line.name = record.name
    if (record.outcome) line.status = record.outcome.status
    if (record.usage?.wallSeconds !== undefined) line.seconds = Math.round(record.usage.wallSeconds * 10) / 10
    const names = headlineMetrics(record)
    if (names.length > 0) line.metrics = Object.fromEntries(names.map((name) => [name, metricNote(record, name)]))
    const answer = answerOf(record)
    if (answer) line.answer = answer
    return line
  },

  read({ phase, plan, stage, name, status, answer, seconds, metrics }) {
    const texts = [plan, stage, name, status, answer]
    if (typeof phase !== 'string' || !texts.every((text) => text === undefined || typeof text === 'string'))
      return false
    if (seconds !== undefined && typeof seconds !== 'number') return false
    return metrics === undefined || (isPlain(metrics) && Object.values(metrics).every(isMetricNote))
  },
}

/** The runs in a note's lines, by the id of their plan. */
export function runsIn(lines: readonly Line[]): string[] {
  return lines.flatMap((line) => (line.kind === 'run' ? [(line as RunNote).plan ?? line.id] : []))
}

function metricNote(record: Run, name: string): { value: Figure; delta?: number } {
  const delta = baselineDelta(record, name)
  return {
    value: record.metrics?.[name]?.value ?? 'NaN',
    ...(delta !== undefined && Number.isFinite(delta) && { delta: Number(delta.toPrecision(6)) }),
  }
}

function isMetricNote(note: unknown): boolean {
  if (!isPlain(note)) return false
  const value = typeof note.value === 'number' || ['NaN', 'Infinity', '-Infinity'].includes(String(note.value))
  return value && (note.delta === undefined || typeof note.delta === 'number')
}
