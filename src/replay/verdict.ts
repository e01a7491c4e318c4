import { type Figure, fromFigure, toFigure } from '../base/figure.ts'
import type { ReplayedMetric, ReplayedOutput, RunFile, RunOutcome } from '../generated/types.ts'
import type { Replay } from '../records/record.ts'

/** How far each metric may be from what was recorded, absolute; `*` for the others. */
export type Tolerances = Readonly<Record<string, number>>

/** Outputs of a record against what lies there now: path to digest, undefined where nothing does. */
export function compareOutputs(
  recorded: readonly RunFile[],
  replayed: ReadonlyMap<string, string | undefined>,
): ReplayedOutput[] {
  return recorded.flatMap(({ path, digest, state, change }) => {
    const gone = change === 'deleted' || (state === 'missing' && digest === undefined)
    if (!gone && digest === undefined) return []
    const now = replayed.get(path)
    return [
      {
        path,
        ...(digest !== undefined && { recorded: digest }),
        ...(now !== undefined && { replayed: now }),
        same: gone ? now === undefined : now === digest,
      },
    ]
  })
}

type Values = Readonly<Record<string, { value: Figure }>>

/** The last values of a record against those of the replay. What is within a tolerance of 0 is the same number. */
export function compareMetrics(recorded: Values, replayed: Values, tolerances: Tolerances): ReplayedMetric[] {
  return Object.keys(recorded)
    .sort()
    .map((name) => {
      const before = (recorded[name] as { value: Figure }).value
      const after = Object.hasOwn(replayed, name) ? replayed[name]?.value : undefined
      const tolerance = toleranceOf(name, tolerances)
      const difference = after === undefined ? undefined : fromFigure(after) - fromFigure(before)
      return {
        name,
        recorded: before,
        ...(after !== undefined && { replayed: after }),
        ...(difference !== undefined && { difference: toFigure(after === before ? 0 : difference) }),
        ...(tolerance !== undefined && { tolerance }),
        within: after !== undefined && (after === before || Math.abs(difference ?? Number.NaN) <= (tolerance ?? 0)),
      }
    })
}

function toleranceOf(name: string, tolerances: Tolerances): number | undefined {
  if (Object.hasOwn(tolerances, name)) return tolerances[name]
  return Object.hasOwn(tolerances, '*') ? tolerances['*'] : undefined
}

interface Ends {
  recorded: RunOutcome | undefined
  replayed: RunOutcome
  outputs: readonly ReplayedOutput[]
  metrics: readonly ReplayedMetric[]
}

/** The verdict over a command that was run again. */
export function judge({ recorded, replayed, outputs, metrics }: Ends): Pick<Replay, 'verdict' | 'reason'> {
  if (recorded && !sameEnd(recorded, replayed))
    return {
      verdict: 'could-not-run',
      reason: `it ended with ${describeEnd(replayed)}; the recorded run ended with ${describeEnd(recorded)}`,
    }
  const identical =
    outputs.every(({ same }) => same) && metrics.every(({ recorded, replayed }) => recorded === replayed)
  if (identical && outputs.length + metrics.length === 0)
    return { verdict: 'identical', reason: 'it ended the same way; no output or metric was recorded to compare' }
  if (identical) return { verdict: 'identical' }
  // Files may differ where somebody said how far the figures may: a metrics file holds them.
  const stated = metrics.some(({ tolerance }) => tolerance !== undefined)
  return { verdict: stated && metrics.every(({ within }) => within) ? 'within-tolerance' : 'different' }
}

function sameEnd(a: RunOutcome, b: RunOutcome): boolean {
  return a.status === b.status && (a.exitCode ?? 0) === (b.exitCode ?? 0) && a.signal === b.signal
}

function describeEnd({ status, exitCode, signal, reason }: RunOutcome): string {
  if (status === 'not-started') return reason ?? 'a command that could not be started'
  return signal ?? (exitCode === undefined ? status : `exit status ${exitCode}`)
}
