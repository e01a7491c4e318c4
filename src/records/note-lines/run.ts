import type { Figure } from '../../base/figure.ts'
import type { Replay, Run } from '../../generated/types.ts'
import { answerOf, baselineDelta, headlineMetrics } from '../run.ts'

/** What a commit's note says of a run made at it. */
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
  /** The few that say how it went, by name. */
  metrics?: Record<string, { value: Figure; delta?: number }>
  answer?: 'met' | 'not-met' | 'unknown'
}

export interface ReplayNote {
  kind: 'replay'
  id: string
  time: string
  /** Id of the run. */
  run: string
  verdict: string
}

export function runLine(record: Run, id: string): RunNote {
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
}

function metricNote(record: Run, name: string): { value: Figure; delta?: number } {
  const delta = baselineDelta(record, name)
  return {
    value: record.metrics?.[name]?.value ?? 'NaN',
    ...(delta !== undefined && Number.isFinite(delta) && { delta: Number(delta.toPrecision(6)) }),
  }
}

export function replayLine(record: Replay, id: string): ReplayNote {
  return { kind: 'replay', id, time: record.time, run: record.run, verdict: record.verdict }
}

export function isRunLine(line: Partial<RunNote>): boolean {
  const texts = [line.phase, line.plan, line.stage, line.name, line.status, line.answer]
  if (typeof line.phase !== 'string' || !texts.every((text) => text === undefined || typeof text === 'string'))
    return false
  if (line.seconds !== undefined && typeof line.seconds !== 'number') return false
  const { metrics } = line
  if (metrics === undefined) return true
  if (typeof metrics !== 'object' || metrics === null || Array.isArray(metrics)) return false
  return Object.values(metrics).every(isMetricNote)
}

function isMetricNote(note: { value: unknown; delta?: unknown } | null): boolean {
  if (typeof note !== 'object' || note === null) return false
  const value = typeof note.value === 'number' || ['NaN', 'Infinity', '-Infinity'].includes(String(note.value))
  return value && (note.delta === undefined || typeof note.delta === 'number')
}

export function isReplayLine(line: Partial<ReplayNote>): boolean {
  return typeof line.run === 'string' && typeof line.verdict === 'string'
}
