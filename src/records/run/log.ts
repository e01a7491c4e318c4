import { formatSeconds } from '../../base/duration.ts'
import { formatDelta, formatFigure } from '../../base/figure.ts'
import type { NoteLine } from '../note.ts'
import type { RunNote } from './note.ts'

/** A run of a commit: as a line, and in a few words for --oneline. Not escaped yet. */
interface DescribedRun {
  text: string
  brief: string
  /** When its last record was written, RFC 3339. */
  time: string
}

/** The runs made at a commit, one entry per run: the finished line replaces the planned one. */
export function describeRuns(lines: readonly NoteLine[]): DescribedRun[] {
  const runs = new Map<string, RunNote>()
  for (const line of lines) {
    if (line.kind !== 'run') continue
    const id = line.plan ?? line.id
    const known = runs.get(id)
    if (!known || (line.phase === 'finished' && (known.phase === 'planned' || known.status === 'lost')))
      runs.set(id, line)
  }
  return [...runs].map(([id, run]) => describe(id, run, replaysOf(lines, id)))
}

function replaysOf(lines: readonly NoteLine[], id: string): string[] {
  return lines.flatMap((line) => (line.kind === 'replay' && line.run === id ? [line.verdict] : []))
}

function describe(id: string, run: RunNote, replays: readonly string[]): DescribedRun {
  const status = run.phase === 'planned' ? 'not finished' : (run.status ?? '')
  const metrics = Object.entries(run.metrics ?? {}).map(
    ([name, { value, delta }]) =>
      `${name} ${formatFigure(value)}${delta === undefined ? '' : ` (${formatDelta(delta)})`}`,
  )
  const replayed = replays.at(-1)
  const parts = [
    id.slice(0, 6),
    run.stage ?? '',
    run.name ?? '',
    status,
    run.seconds === undefined ? '' : formatSeconds(run.seconds),
    ...metrics,
    run.answer ? answerWords[run.answer] : '',
    replayed ? `replayed, ${replayed.replaceAll('-', ' ')}` : '',
  ]
  const brief = [`run:${id.slice(0, 6)}`, status === 'ok' ? '' : status, metrics[0] ?? '']
  return { text: parts.filter(Boolean).join('  '), brief: brief.filter(Boolean).join(' '), time: run.time }
}

const answerWords = { met: 'expectation met', 'not-met': 'expectation not met', unknown: 'expectation unknown' }
