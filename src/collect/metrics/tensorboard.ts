import { posix } from 'node:path'
import type { MetricSetBuilder } from '../../records/metrics/set.ts'
import type { MetricFile, MetricSource } from './source.ts'
import { readEvent, type TensorboardEvent } from './tensorboard/event.ts'
import { readRecords } from './tensorboard/read-records.ts'

const eventFile = /(^|\/)[^/]*\.?tfevents\.[^/]+$/

/**
 * TensorBoard event files. The files of one folder are one run, as in TensorBoard; where there are several, a metric's
 * name begins with its folder below the one they share.
 */
export const tensorboard: MetricSource = {
  name: 'tensorboard',
  claim: (paths) => paths.filter((path) => eventFile.test(path)),
  read(files, into) {
    const folders = new Map<string, MetricFile[]>()
    for (const file of files) {
      const folder = posix.dirname(file.path)
      folders.set(folder, [...(folders.get(folder) ?? []), file])
    }
    const names = prefixes([...folders.keys()])
    for (const [folder, inside] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1)))
      readRun(folder, names.get(folder) as string, inside, into)
  },
}

/** `train/` for runs/a/train beside runs/a/validation. A folder named by a moment (add_hparams makes one) is left out. */
function prefixes(folders: readonly string[]): Map<string, string> {
  const parts = folders.map((folder) => folder.split('/').filter((part) => part !== '.'))
  const [first = []] = parts
  let shared = 0
  while (shared < first.length && parts.every((other) => other[shared] === first[shared])) shared++
  return new Map(
    folders.map((folder, index) => {
      const own = (parts[index] as string[]).slice(shared).filter((part) => !/^\d{9,}(\.\d+)?$/.test(part))
      return [folder, own.map((part) => `${part}/`).join('')]
    }),
  )
}

/** TensorBoard reads the files of a run in the order of their names, which begin with the time. */
function readRun(folder: string, prefix: string, files: readonly MetricFile[], into: MetricSetBuilder): void {
  const run = { folder, prefix, into, plugins: new Map<string, string>(), version: 0, latest: Number.NEGATIVE_INFINITY }
  for (const { path, absolute } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    readRecords(
      absolute,
      (data) => {
        try {
          addEvent(run, readEvent(data))
        } catch (error) {
          if (!(error instanceof RangeError)) throw error
          into.problem(path, 'a record is not a TensorBoard event')
        }
      },
      (reason) => into.problem(path, reason),
    )
  }
}

interface RunState {
  folder: string
  prefix: string
  into: MetricSetBuilder
  /** Tag to plugin: only the first value of a tag needs to say it. */
  plugins: Map<string, string>
  version: number
  latest: number
}

function addEvent(run: RunState, event: TensorboardEvent): void {
  const version = /^brain\.Event:(\d+)/.exec(event.fileVersion ?? '')?.[1]
  if (version) run.version = Number(version)
  purge(run, event)
  for (const { tag, value, tensor, plugin, parameters } of event.values) {
    if (plugin && !run.plugins.has(tag)) run.plugins.set(tag, plugin)
    for (const [key, parameter] of parameters ?? []) run.into.parameter('tensorboard', run.prefix + key, parameter)
    if (value === undefined || (tensor && run.plugins.get(tag) !== 'scalars')) continue
    const time = Math.round(event.wallTime * 1000)
    run.into.metric(run.prefix + tag, run.folder, { value, step: event.step, time })
  }
}

/**
 * Steps that a restarted program logs anew are taken back, as TensorBoard's event_accumulator does: from version 2 of
 * the format on at SessionLog.START, before that when a step goes back.
 */
function purge(run: RunState, { step, start, values }: TensorboardEvent): void {
  if (run.version >= 2) {
    if (start) run.into.purge(run.folder, before(step))
  } else if (step >= run.latest || values.length === 0) run.latest = step
  else for (const { tag } of values) run.into.purge(run.folder, before(step), run.prefix + tag)
}

const before = (step: number) => (point: { step?: number }) => (point.step ?? 0) < step
