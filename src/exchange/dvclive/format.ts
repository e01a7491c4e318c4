import type { MetricSet } from '../../records/metrics/set.ts'
import type { ImportedRun } from '../imported-run.ts'

/** Where a DVCLive folder was found. */
export interface DvcliveFolder {
  /** From the top of the work tree. */
  folder: string
  /** Digest over all its files: the same folder, committed or not, is one run. */
  content: string
  source: string
  agent: ImportedRun['agent']
  about?: ImportedRun['about']
  /** Time of the commit, if it is committed. */
  time?: Date
}

/** The run that wrote a DVCLive folder. It starts and ends with the first and last value logged. */
export function fromDvclive(
  set: MetricSet,
  { folder, content, source, agent, about, time }: DvcliveFolder,
): ImportedRun {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { points } of set.metrics.values())
    for (const point of points) {
      if (point.time === undefined) continue
      first = Math.min(first, point.time)
      last = Math.max(last, point.time)
    }
  const timed = Number.isFinite(first) && Number.isFinite(last)
  return {
    from: 'dvclive',
    source,
    key: `${folder}:${content}`,
    notes: [
      'the command is not recorded',
      'how it ended is not recorded',
      ...(timed ? ['its times are those of the first and the last value'] : []),
    ],
    time: time ?? (timed ? new Date(last) : new Date(0)),
    agent,
    ...(about && { about }),
    command: ['(not recorded)'],
    workingFolder: '.',
    inputs: [],
    outputs: [],
    parameters: Object.fromEntries(
      [...set.parameters].map(([name, values]) => [name, { values: Object.fromEntries(values) }]),
    ),
    metrics: new Map([...set.metrics].map(([name, series]) => [name, { ...series, source: folder }])),
    problems: set.problems.map(({ path, line, reason }) => ({ where: line ? `${path}:${line}` : path, reason })),
    ...(timed && { started: new Date(first), ended: new Date(last) }),
  }
}
