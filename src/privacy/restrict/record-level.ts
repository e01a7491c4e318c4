import { isDeepStrictEqual } from 'node:util'
import { stringifyLine } from '../../base/json.ts'
import type { Capture, ProvRecord, Remark, Replay, Run } from '../../records/record.ts'
import { maxValueBytes } from '../../records/restricted.ts'
import { type Hider, standIn } from './encrypter.ts'

/** The field that holds all that was taken out of a record. */
export const wholeField = 'record'

/**
 * A record of which nothing is left that tells what it says: who, when, about which commit, what it is linked to, and
 * what its schema asks for. Its files stay off the branch; a series becomes a field.
 */
export function hideWhole<R extends ProvRecord>(
  record: R,
  hider: Hider,
  to: readonly string[],
  series: string | undefined,
): { record: R; kept: Set<string> } {
  const bare = skeletonOf(record)
  if (bare === undefined || isBare(record)) return { record, kept: new Set() }
  const taken = fitting(Object.entries(record).filter(([name, value]) => !isDeepStrictEqual(bare[name], value)))
  const text = hider.hide(wholeField, taken, to)
  if (series !== undefined && Buffer.byteLength(series) <= maxValueBytes) hider.hide('series', series, to)
  return { record: withStandIn(bare, text) as unknown as R, kept: digestsIn(record) }
}

/** JSON of members, without the longest where all are too long to be one field. */
function fitting(members: readonly [string, unknown][]): string {
  const bySize = members.map((member) => ({ member, bytes: Buffer.byteLength(stringifyLine(member)) }))
  bySize.sort((a, b) => a.bytes - b.bytes)
  while (bySize.reduce((sum, { bytes }) => sum + bytes, 0) > maxValueBytes - 1024) bySize.pop()
  return stringifyLine(Object.fromEntries(bySize.map(({ member }) => member)))
}

type Bare = Record<string, unknown>

function skeletonOf(record: ProvRecord): Bare | undefined {
  const { kind, version, time, tool, agent, about, links } = record
  const envelope = { kind, version, time, tool, agent, ...(about && { about }), links }
  if (record.kind === 'run') return { ...envelope, ...bareRun(record) }
  if (record.kind === 'replay') return { ...envelope, ...bareReplay(record) }
  if (record.kind === 'capture') return { ...envelope, ...bareCapture(record) }
  return record.kind === 'remark' ? { ...envelope, ...bareRemark(record) } : undefined
}

function bareRun({ runId, phase, queued, started, ended, outcome, environment, imported }: Run): Bare {
  return {
    runId,
    phase,
    command: [],
    workingFolder: '.',
    inputs: [],
    parameters: {},
    environment,
    ...(queued !== undefined && { queued }),
    ...(started !== undefined && { started }),
    ...(ended !== undefined && { ended }),
    ...(outcome && { outcome: { status: outcome.status } }),
    // By its key an import knows what it has imported.
    ...(imported && { imported }),
  }
}

/** Which of the three it says is seen: lessons are listed. */
function bareRemark({ text, lesson, failure }: Remark): Bare {
  const said = Object.entries({ text, lesson, failure }).filter(([, words]) => words !== undefined)
  return Object.fromEntries(said.map(([name]) => [name, '']))
}

function bareReplay({ run, verdict, isolation, environment }: Replay): Bare {
  return { run, verdict, isolation, environment, outputs: [], metrics: [], causes: [] }
}

function bareCapture({ trigger, late, environment, changed, datasets }: Capture): Bare {
  // What is not finished yet is seen, so that it will be.
  const pending = Object.entries(datasets).flatMap(([name, { state, source }]) =>
    state === 'pending' ? [[name, { path: '.', state, source, reason: 'restricted' }] as const] : [],
  )
  return {
    trigger,
    late,
    environment,
    datasets: Object.fromEntries(pending),
    parameters: {},
    ...(changed?.environment && { changed: { environment: changed.environment } }),
  }
}

function withStandIn(bare: Bare, text: string): Bare {
  if (bare.kind === 'run') return { ...bare, command: [text] }
  if (bare.kind === 'remark')
    return Object.fromEntries(Object.entries(bare).map(([name, value]) => [name, value || text]))
  if (bare.kind === 'replay') return { ...bare, reason: text }
  return { ...bare, configuration: { missing: text } }
}

/** Read back from the ledger, without what was taken out of it. */
function isBare(record: ProvRecord): boolean {
  const skeleton = skeletonOf(record) as Bare
  return [...JSON.stringify(record).matchAll(standIn)].some(([text]) =>
    isDeepStrictEqual(withStandIn(skeleton, text), record),
  )
}

function digestsIn(record: ProvRecord): Set<string> {
  const files =
    record.kind === 'capture'
      ? Object.values(record.datasets)
      : record.kind === 'run'
        ? [...record.inputs, ...(record.outputs ?? [])]
        : []
  const series = record.kind === 'run' && record.series ? [record.series] : []
  return new Set([...files.flatMap(({ digest }) => digest ?? []), ...series])
}
