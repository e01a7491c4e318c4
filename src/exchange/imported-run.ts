import { digestOf } from '../base/digest.ts'
import { uuid5 } from '../base/uuid5.ts'
import { type MetricSeries, summariseSeries } from '../records/metrics/series.ts'
import { fitSeries, formatSeriesFile } from '../records/metrics/series-file.ts'
import { buildRecord, type Run, type StoredRecord } from '../records/record.ts'

/** A run as another tool recorded it, before redaction: names, paths and values are the tool's own. */
export interface ImportedRun {
  from: NonNullable<Run['imported']>['from']
  /** The file or commit it was read from. */
  source: string
  /** Unique in the source and the same on every machine: it determines the run's id. */
  key: string
  /** What the source does not record, in words. */
  notes: string[]
  /** When the run was made, as closely as the source knows. */
  time: Date
  agent: Run['agent']
  about?: Run['about']
  command: string[]
  workingFolder: string
  stage?: string
  name?: string
  intent?: string
  tags?: Record<string, string>
  inputs: RunFile[]
  outputs: RunFile[]
  parameters: Run['parameters']
  metrics: ReadonlyMap<string, MetricSeries>
  problems?: NonNullable<Run['problems']>
  started?: Date
  ended?: Date
  outcome?: NonNullable<Run['outcome']>
}

export type RunFile = Run['inputs'][number]

/** Redacts private names and secrets in one text; `name` is the name of the value, if it has one. */
export type Clean = (text: string, where: string, name?: string) => string

// A record may have 4 MB: files beyond these are counted, not listed.
const mostFiles = 5000
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._@/+-]{0,127}$/

/** A record with its series file. */
interface BuiltRun {
  record: StoredRecord<Run>
  series?: Record<string, string>
}

/** The record of an imported run, redacted and cut to the limits of the schema. The same run gives the same runId. */
export function buildImportedRun(run: ImportedRun, clean: Clean): BuiltRun {
  const fitted = fitSeries(run.metrics)
  const text = formatSeriesFile(fitted)
  const series = text ? digestOf(text) : undefined
  // Thinned series record how many values there were.
  const record = toRecord({ ...run, metrics: new Map([...run.metrics, ...fitted]) }, series, clean)
  return series ? { record, series: { [series]: text } } : { record }
}

function toRecord(run: ImportedRun, series: string | undefined, clean: Clean): StoredRecord<Run> {
  const say = (text: string, where: string, most: number, name?: string) => cut(clean(text, where, name), most)
  const files = (list: readonly RunFile[], where: string) =>
    list.slice(0, mostFiles).map((file) => cleanFile(file, where, say))
  const notes = [...run.notes, ...tooMany(run.inputs, 'inputs'), ...tooMany(run.outputs, 'outputs'), ...unfit(run)]
  const key = cut(run.key, 4096)
  const seconds = run.started && run.ended ? (run.ended.getTime() - run.started.getTime()) / 1000 : -1
  return buildRecord<Run>(
    dense({
      kind: 'run',
      agent: { name: cut(run.agent.name, 512), email: cut(run.agent.email, 512) },
      about: run.about,
      runId: uuid5(`${run.from}\n${key}`),
      phase: 'finished',
      command: run.command.slice(0, 10_000).map((word) => say(word, 'command', 131_072)),
      workingFolder: say(run.workingFolder, 'workingFolder', 4096) || '.',
      stage: fitName(run.stage),
      name: fitName(run.name),
      intent: run.intent ? say(run.intent, 'intent', 65_536) : undefined,
      tags: run.tags && cleanTags(run.tags, say),
      environment: { missing: `${run.from} does not record it` },
      inputs: files(run.inputs, 'inputs'),
      outputs: files(run.outputs, 'outputs'),
      parameters: cleanParameters(run.parameters, say),
      metrics: run.metrics.size > 0 ? summarise(run.metrics) : undefined,
      series,
      problems: run.problems?.length
        ? run.problems.slice(0, 1000).map(({ where, reason }) => ({
            where: say(where, 'problems', 4096),
            reason: say(reason, 'problems', 1024),
          }))
        : undefined,
      started: run.started?.toISOString(),
      ended: run.ended?.toISOString(),
      outcome: run.outcome,
      usage: seconds >= 0 ? { wallSeconds: seconds } : undefined,
      imported: {
        from: run.from,
        source: say(run.source, 'source', 4096),
        key,
        ...(notes.length > 0 && { notes: notes.slice(0, 100).map((note) => say(note, 'notes', 1024)) }),
      },
    }) as Parameters<typeof buildRecord<Run>>[0],
    run.time,
  )
}

function summarise(metrics: ReadonlyMap<string, MetricSeries>): NonNullable<Run['metrics']> {
  return Object.fromEntries(
    [...metrics].slice(0, 10_000).map(([name, series]) => [name, summariseSeries(name, series)]),
  )
}

type Say = (text: string, where: string, most: number, name?: string) => string

/** A path in the repository is in its history anyway; one that leads outside may contain names of people. */
function cleanFile({ path, reason, ...file }: RunFile, where: string, say: Say): RunFile {
  const inside = !/^([A-Za-z][\w+.-]*:|[/\\~]|\.\.)/.test(path)
  return {
    ...file,
    path: (inside ? cut(path, 4096) : say(path, where, 4096)) || '.',
    ...(reason && { reason: say(reason, where, 1024) }),
  }
}

function cleanTags(tags: Record<string, string>, say: Say): Record<string, string> {
  const entries = Object.entries(tags).slice(0, 1000)
  return Object.fromEntries(entries.map(([key, value]) => [say(key, 'tags', 1024), say(value, 'tags', 8192, key)]))
}

function cleanParameters(parameters: Run['parameters'], say: Say): Run['parameters'] {
  return Object.fromEntries(
    Object.entries(parameters)
      .slice(0, 1000)
      .map(([source, found]) => {
        if (!('values' in found)) return [say(source, 'parameters', 4096), found]
        const values = Object.entries(found.values).slice(0, 10_000)
        const cleaned = values.map(([key, value]) => [
          say(key, 'parameters', 4096),
          typeof value === 'string' ? say(value, `parameters.${key}`, 65_536, key) : value,
        ])
        return [say(source, 'parameters', 4096), { ...found, values: Object.fromEntries(cleaned) }]
      }),
  )
}

function tooMany(files: readonly RunFile[], what: string): string[] {
  return files.length > mostFiles ? [`the first ${mostFiles} of ${files.length} ${what} are listed`] : []
}

function unfit({ stage, name }: ImportedRun): string[] {
  return [stage, name].flatMap((word) => (word && !fitName(word) ? [`is called ${JSON.stringify(word)} there`] : []))
}

/** A name in our alphabet, with _ for other characters; undefined when nothing is left. */
function fitName(word: string | undefined): string | undefined {
  if (word === undefined) return undefined
  const fitted = word
    .replace(/[^A-Za-z0-9._@/+-]/g, '_')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 128)
  return namePattern.test(fitted) ? fitted : undefined
}

const cut = (text: string, most: number) => (text.length > most ? `${text.slice(0, most - 1)}…` : text)

const dense = (fields: object) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
