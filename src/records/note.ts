import { stringifyLine } from '../base/json.ts'
import type { Capture, Rewrite } from '../generated/types.ts'
import { type DecisionNote, decisionLine, isDecisionLine } from './note-lines/decision.ts'
import { isReplayLine, isRunLine, type ReplayNote, type RunNote, replayLine, runLine } from './note-lines/run.ts'
import type { ProvRecord, StoredRecord } from './record.ts'

/** A dataset as a note shows it. */
export interface NoteDataset {
  digest?: string
  files?: number
  bytes?: number
  /** Only when the state is not `complete`. */
  state?: 'incomplete' | 'pending' | 'missing'
  /** Only some may read of it. */
  reason?: 'restricted'
}

/** One line of a note: the index entry of one record about the commit. A kind without a line of its own has `OtherNote`. */
export type NoteLine = CaptureNote | RewriteNote | RunNote | ReplayNote | DecisionNote | OtherNote

export interface CaptureNote {
  kind: 'capture'
  id: string
  time: string
  environment?: string
  /**
   * Digests of its two halves. They cost less than nothing: git keeps a note as a delta only if that is less than
   * half as long, and the lines of two commits share these.
   */
  host?: string
  software?: string
  datasets?: Record<string, NoteDataset>
  changed?: NonNullable<Capture['changed']>
  late?: true
}

interface RewriteNote {
  kind: 'rewrite'
  id: string
  time: string
  by: string
  from: string[]
}

interface OtherNote {
  kind: Exclude<ProvRecord['kind'], 'capture' | 'rewrite' | 'run' | 'replay' | 'decision'>
  id: string
  time: string
}

/** The note lines a record gives, by commit. What can be left out is: notes are the larger half of what a capture costs. */
export function noteLines(stored: StoredRecord): Map<string, NoteLine> {
  const { record, id } = stored
  if (record.kind === 'rewrite') return rewriteLines(record, id)
  const commit = record.about?.commit
  return commit !== undefined && isName(commit) ? new Map([[commit, lineOf(stored)]]) : new Map()
}

function lineOf({ record, id }: StoredRecord): NoteLine {
  if (record.kind === 'capture') return captureLine(record, id)
  if (record.kind === 'run') return runLine(record, id)
  if (record.kind === 'replay') return replayLine(record, id)
  if (record.kind === 'decision') return decisionLine(record, id)
  return { kind: record.kind as OtherNote['kind'], id, time: record.time }
}

/** Its members in the order they are written in: then nothing is left to sort, which a rebuild would feel. */
function captureLine({ environment, datasets, changed, late, time }: Capture, id: string): NoteLine {
  const known = 'digest' in environment ? environment : undefined
  const line: Partial<CaptureNote> = {}
  if (changed) line.changed = changed
  const names = Object.keys(datasets)
  if (names.length > 0) line.datasets = pickAll(datasets, names)
  if (known) Object.assign(line, { environment: known.digest, host: known.host })
  line.id = id
  line.kind = 'capture'
  if (late) line.late = true
  if (known) line.software = known.software
  line.time = time
  return line as CaptureNote
}

const pickAll = (datasets: Capture['datasets'], names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, pick(datasets[name] as Capture['datasets'][string])]))

function pick({ digest, files, bytes, state, reason }: Capture['datasets'][string]): NoteDataset {
  const dataset: NoteDataset = {}
  if (bytes !== undefined) dataset.bytes = bytes
  if (digest !== undefined) dataset.digest = digest
  if (files !== undefined) dataset.files = files
  if (reason === 'restricted') dataset.reason = reason
  if (state !== 'complete') dataset.state = state
  return dataset
}

function rewriteLines(record: Rewrite, id: string): Map<string, NoteLine> {
  const lines = new Map<string, NoteLine>()
  for (const { from, to } of record.rewritten) {
    if (!isName(to)) continue
    const line = lines.get(to)
    if (line?.kind === 'rewrite') line.from.push(from)
    else lines.set(to, { kind: 'rewrite', id, time: record.time, by: record.by, from: [from] })
  }
  return lines
}

export function formatNoteLine(line: NoteLine): string {
  return stringifyLine(line)
}

const digest = /^[0-9a-f]{64}$/

/** What may name a note: records that others wrote are read here before their schema was looked at. */
const isName = (commit: unknown) => typeof commit === 'string' && /^[0-9a-f]{40,64}$/.test(commit)

/**
 * The lines of a note that are ours. A note can be edited by hand, joined by git or hold other tools' text: lines that
 * are not of our form are skipped and counted, since the note can always be rebuilt from the branch.
 */
export function parseNote(text: string): { lines: NoteLine[]; skipped: number } {
  const lines: NoteLine[] = []
  let skipped = 0
  for (const raw of text.split('\n')) {
    if (raw.trim() === '') continue
    const line = raw.length <= maxLineLength ? parseLine(raw) : undefined
    if (line) lines.push(line)
    else skipped += 1
  }
  return { lines, skipped }
}

const maxLineLength = 1024 * 1024

function parseLine(raw: string): NoteLine | undefined {
  try {
    const value = JSON.parse(raw) as Partial<NoteLine> | null
    if (!value || typeof value !== 'object' || !digest.test(String(value.id)) || typeof value.time !== 'string')
      return undefined
    return isLine(value) ? (value as NoteLine) : undefined
  } catch {
    // not JSON
  }
  return undefined
}

function isLine(value: Partial<NoteLine>): boolean {
  if (value.kind === 'capture') return isCaptureLine(value)
  if (value.kind === 'rewrite') return isRewriteLine(value)
  if (value.kind === 'run') return isRunLine(value)
  if (value.kind === 'replay') return isReplayLine(value)
  if (value.kind === 'decision') return isDecisionLine(value)
  return typeof value.kind === 'string' && /^[a-z]{2,32}$/.test(value.kind)
}

function isCaptureLine(line: Partial<CaptureNote>): boolean {
  const { environment, datasets, changed } = line
  if (environment !== undefined && !digest.test(environment)) return false
  if (changed !== undefined && !isPlain(changed)) return false
  if (datasets === undefined) return true
  return isPlain(datasets) && Object.values(datasets).every(isNoteDataset)
}

function isNoteDataset(value: NoteDataset): boolean {
  if (!isPlain(value)) return false
  const numbers = [value.files, value.bytes].every((n) => n === undefined || (Number.isSafeInteger(n) && n >= 0))
  return numbers && (value.digest === undefined || digest.test(value.digest))
}

function isRewriteLine(line: Partial<RewriteNote>): boolean {
  return Array.isArray(line.from) && line.from.every((oid) => typeof oid === 'string' && /^[0-9a-f]{40,64}$/.test(oid))
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The capture a commit's lines speak of now: the last one, since a later one supersedes an earlier. */
export function latestCapture(lines: readonly NoteLine[]): CaptureNote | undefined {
  let latest: CaptureNote | undefined
  for (const line of lines) {
    if (line.kind === 'capture' && (!latest || line.time >= latest.time)) latest = line
  }
  return latest
}

/** True while a dataset of the capture is still to be fingerprinted. */
export function isPending(line: CaptureNote): boolean {
  return Object.values(line.datasets ?? {}).some((dataset) => dataset.state === 'pending')
}
