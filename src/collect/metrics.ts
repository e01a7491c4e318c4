import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '../base/errors.ts'
import { byteString } from '../base/path-text.ts'
import { type MetricSet, MetricSetBuilder } from '../records/metrics/set.ts'
import { matcher, splitPath } from './datasets/glob.ts'
import { csv } from './metrics/csv.ts'
import { discover, isNew, writtenSince } from './metrics/discover.ts'
import { dvclive } from './metrics/dvclive.ts'
import { readEvents } from './metrics/events.ts'
import { jsonLines } from './metrics/json-lines.ts'
import type { MetricSource } from './metrics/source.ts'
import { structured } from './metrics/structured.ts'
import { tensorboard } from './metrics/tensorboard.ts'

/** Asked in this order; the first that claims a file reads it. */
const sources: readonly MetricSource[] = [dvclive, tensorboard, csv, jsonLines, structured]

export interface MetricsRequest {
  /** The top of the work tree. */
  root: string
  /** Paths, folders or globs of metrics files, relative to the top. */
  declared: readonly string[]
  /** When the command started, in ms since the epoch: what was written before is not of this run. */
  since: number
  /** Paths that changed during the run, relative to the top; looked for where not given. */
  changed?: readonly string[]
  /** The file that GIT_PROV_EVENTS named. */
  eventsFile?: string
}

export interface CollectedMetrics extends MetricSet {
  /** Every file that was read, or would have been. */
  files: CollectedFile[]
}

interface CollectedFile {
  path: string
  /** The name of the source; absent where none reads such files. */
  source?: string
  declared: boolean
  /** older: not written since the run started. unknown: no source reads such files. */
  state: 'read' | 'older' | 'missing' | 'unreadable' | 'unknown'
}

/**
 * The metrics, parameters, tags and paths that a run left in files: those declared, those known by their look
 * (TensorBoard, dvclive, metrics*.json, …) and its events. Nothing is thrown; what cannot be read is a problem with
 * file and line.
 */
export async function collectMetrics(request: MetricsRequest): Promise<CollectedMetrics> {
  const into = new MetricSetBuilder()
  const files = await findFiles(request, into)
  const left = new Set(files.filter(({ state }) => state === 'read'))
  for (const source of sources) {
    const claimed = new Set(source.claim([...left].map(({ path }) => path)))
    const own = [...left].filter(({ path }) => claimed.has(path))
    for (const file of own) left.delete(Object.assign(file, { source: source.name }))
    await readAll(source, own, request.root, into)
  }
  for (const file of left) {
    file.state = 'unknown'
    into.problem(file.path, 'no source reads such a file; expected .json, .yaml, .toml, .csv, .tsv, .jsonl or tfevents')
  }
  addEvents(request.eventsFile, into)
  return { ...into.build(), files }
}

async function readAll(source: MetricSource, files: readonly CollectedFile[], root: string, into: MetricSetBuilder) {
  if (files.length === 0) return
  try {
    await source.read(
      files.map(({ path }) => ({ path, absolute: join(root, path) })),
      into,
    )
  } catch (error) {
    if (files.length > 1) for (const file of files) await readAll(source, [file], root, into)
    else
      for (const file of files) {
        file.state = 'unreadable'
        into.problem(file.path, messageOf(error))
      }
  }
}

function addEvents(file: string | undefined, into: MetricSetBuilder): void {
  if (file === undefined || !statSync(file, { throwIfNoEntry: false })?.isFile()) return
  try {
    readEvents({ path: 'GIT_PROV_EVENTS', absolute: file }, into)
  } catch (error) {
    into.problem('GIT_PROV_EVENTS', messageOf(error))
  }
}

async function findFiles(
  { root, declared, since, changed }: MetricsRequest,
  into: MetricSetBuilder,
): Promise<CollectedFile[]> {
  const files = new Map<string, CollectedFile>()
  for (const written of declared) {
    const paths = await expand(root, written)
    if (paths.length === 0) {
      files.set(written, { path: written, declared: true, state: 'missing' })
      into.problem(written, 'declared in prov.yaml, and not there')
    }
    for (const path of paths) {
      const state = isNew(join(root, path), since) ? 'read' : 'older'
      files.set(path, { path, declared: true, state })
      if (state === 'older' && paths.length === 1)
        into.problem(path, 'not written by this run: it is older than its start')
    }
  }
  for (const path of discover(changed ?? writtenSince(root, since)))
    if (!files.has(path) && statSync(join(root, path), { throwIfNoEntry: false })?.isFile())
      files.set(path, { path, declared: false, state: 'read' })
  return [...files.values()]
}

/** The regular files that a declared path stands for: a file, all within a folder, those that a glob matches. */
async function expand(root: string, written: string): Promise<string[]> {
  const { base, pattern } = splitPath(written)
  const stat = statSync(join(root, base), { throwIfNoEntry: false })
  if (!stat?.isDirectory()) return stat?.isFile() && pattern === undefined ? [base] : []
  const matches = pattern === undefined ? () => true : await matcher(pattern)
  return readdirSync(join(root, base), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(root, base).length + 1))
    .filter((path) => matches(byteString(path)))
    .map((path) => (base === '' ? path : `${base}/${path}`))
    .sort()
}
