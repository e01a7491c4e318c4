import { isMissing } from '../../base/missing.ts'
import { pathText } from '../../base/path-text.ts'
import { addLeaves } from '../../collect/metrics/leaves.ts'
import { splitPlace } from '../../collect/metrics/structured.ts'
import { readParameters } from '../../collect/parameters.ts'
import { parseStructured } from '../../collect/structured-file.ts'
import { type ChangedCommit, shallowCommits, streamChanges } from '../../git/history/changed-files.ts'
import { MetricSetBuilder } from '../../records/metrics/set.ts'
import { CommitFiles, parseYaml } from '../commit-files.ts'
import type { ImportRequest } from '../import-request.ts'
import { type Gathering, importRuns, pathspecOf } from '../import-runs.ts'
import type { ImportedRun, RunFile } from '../imported-run.ts'
import {
  isDeclared,
  type LockFile,
  type LockStage,
  type Pipeline,
  readLock,
  readPipeline,
  toCommand,
  toRunFile,
} from './format.ts'

/** `git prov import dvc`: a run for each stage whose entry in a dvc.lock changed, over the history of all refs. */
export async function importDvc(request: ImportRequest): Promise<number> {
  return await importRuns(request, 'dvc', gatherDvc)
}

/** A lock file in one commit, and its versions in the parents. */
interface ChangedLock {
  commit: ChangedCommit
  path: string
  after: string
  before: string[]
}

async function* gatherDvc(gathering: Gathering): AsyncGenerator<ImportedRun> {
  const { objects, repository, progress, skip } = gathering
  const files = new CommitFiles(objects)
  const shallow = shallowCommits(repository)
  const seen = new Map<string, string>()
  let done = 0
  for await (const lock of changedLocks(gathering)) {
    progress(++done)
    const where = `${pathText(lock.path)} at ${lock.commit.oid.slice(0, 10)}`
    if (shallow.has(lock.commit.oid)) {
      skip(where, 'the clone is shallow here, so what changed cannot be known (git fetch --unshallow)')
      continue
    }
    const stages = await changedStages(files, lock)
    if (!stages) skip(where, 'it cannot be read as YAML')
    for (const stage of stages?.changed ?? []) yield await toRun(files, lock, stage, stages as ReadStages, seen)
  }
}

/** A merge is reported once per parent it differs from: only what differs from all of them is its own change. */
async function* changedLocks(gathering: Gathering): AsyncGenerator<ChangedLock> {
  const { repository, except } = gathering
  const paths = [pathspecOf(gathering) ?? ':(glob)**/dvc.lock']
  let pending: ChangedLock[] = []
  for await (const commit of streamChanges(repository, { paths, except })) {
    if (pending[0] && pending[0].commit.oid !== commit.oid) {
      yield* pending.filter(differsFromAll)
      pending = []
    }
    for (const { path: file, before, after } of commit.changes) {
      if (!/(^|\/)dvc\.lock$/.test(file)) continue
      const known = pending.find((lock) => lock.path === file)
      if (known) known.before.push(before)
      else if (!/^0+$/.test(after)) pending.push({ commit, path: file, after, before: [before] })
    }
  }
  yield* pending.filter(differsFromAll)
}

const differsFromAll = ({ commit, before }: ChangedLock) => before.length >= Math.max(1, commit.parents.length)

interface ReadStages {
  all: LockStage[]
  changed: LockStage[]
  pipeline: Pipeline
}

/** Undefined when the lock cannot be read; an unreadable lock in a parent counts as empty. */
async function changedStages(files: CommitFiles, lock: ChangedLock): Promise<ReadStages | undefined> {
  const folder = folderOf(lock.path)
  const declared = await files.read(lock.commit.oid, `${folder === '.' ? '' : `${folder}/`}dvc.yaml`)
  const pipeline = readPipeline(declared && (await files.parsed(declared, 'yaml', parseYaml)), folder)
  const read = async (oid: string) => {
    const blob = await files.readBlob(oid)
    const value = blob && (await files.parsed(blob, 'yaml', parseYaml))
    return value === undefined ? undefined : readLock(value, folder, (name) => pipeline.stage(name).wdir)
  }
  const all = await read(lock.after)
  if (!all) return undefined
  const parents = await Promise.all(lock.before.map(async (oid) => (await read(oid)) ?? []))
  const texts = parents.map((stages) => new Map(stages.map(({ name, text }) => [name, text])))
  const changed = all.filter(({ name, text }) => texts.every((parent) => parent.get(name) !== text))
  return { all, changed, pipeline }
}

const folderOf = (path: string) => text(path.slice(0, Math.max(0, path.lastIndexOf('/')))) || '.'
const text = (bytes: string) => Buffer.from(bytes, 'latin1').toString('utf8')

async function toRun(
  files: CommitFiles,
  { commit, path }: ChangedLock,
  stage: LockStage,
  stages: ReadStages,
  seen: Map<string, string>,
): Promise<ImportedRun> {
  const { oid, tree, parents, author, time } = commit
  const declaration = stages.pipeline.stage(stage.name)
  const folder = folderOf(path)
  const key = `${oid}:${pathText(path)}:${stage.name}`
  const notes = ['dvc.lock changed at this commit; dvc commit changes it without running anything']
  const earlier = seen.get(stage.text)
  if (earlier) notes.push(`the same entry stands at ${earlier.slice(0, 10)}: it may be the same execution`)
  else seen.set(stage.text, oid)
  if (declaration.frozen) notes.push('the stage is frozen: dvc repro does not run it')
  const metrics = await readMetrics(files, oid, stage, stages)
  const parameters = await readStageParameters(files, oid, stage, notes)
  return {
    from: 'dvc',
    source: `${pathText(path)} at ${oid}`,
    key,
    notes,
    time,
    agent: author,
    about: { commit: oid, tree, parents },
    command: toCommand(stage.commands),
    workingFolder: declaration.wdir === '.' ? folder : `${folder === '.' ? '' : `${folder}/`}${declaration.wdir}`,
    stage: stage.name,
    ...(declaration.description && { intent: declaration.description }),
    inputs: await Promise.all(stage.deps.map((file) => toFile(files, oid, file))),
    outputs: await Promise.all(stage.outs.map((file) => toFile(files, oid, file))),
    parameters,
    metrics: metrics.metrics,
    problems: metrics.problems.map(({ path: where, reason }) => ({ where, reason })),
    outcome: { status: 'ok' },
  }
}

// Larger files are not read to verify the digests in dvc.lock.
const maxProved = 16 * 1024 * 1024

/** The SHA-256 is known when the file itself is in the commit and has the MD5 in the lock. */
async function toFile(files: CommitFiles, commit: string, file: LockFile): Promise<RunFile> {
  const provable = file.md5 && !file.md5.endsWith('.dir') && (file.size ?? 0) < maxProved
  const blob = provable ? await files.read(commit, file.path) : undefined
  return toRunFile(file, blob && files.digestIf(blob, file.md5 as string))
}

/** The values in the lock, among the other values of the file at that commit. */
async function readStageParameters(
  files: CommitFiles,
  commit: string,
  stage: LockStage,
  notes: string[],
): Promise<ImportedRun['parameters']> {
  const parameters: ImportedRun['parameters'] = {}
  for (const [path, locked] of stage.parameters) {
    const blob = await files.read(commit, path)
    const found = blob && (await files.parsed(blob, `parameters ${path}`, ({ body }) => readParameters(path, body)))
    const there = found && !isMissing(found) ? found : undefined
    const differs = [...locked].filter(([key, value]) => there && there.values[key] !== value).map(([key]) => key)
    if (differs.length > 0) notes.push(`${path} at the commit has other values: ${differs.slice(0, 10).join(', ')}`)
    parameters[path] = {
      ...(there?.digest && differs.length === 0 && { digest: there.digest }),
      values: { ...there?.values, ...Object.fromEntries(locked) },
    }
  }
  return parameters
}

/** Metrics files declared for the stage, and pipeline-wide ones if this stage makes them or ends the pipeline. */
async function readMetrics(files: CommitFiles, commit: string, stage: LockStage, { all, pipeline }: ReadStages) {
  const set = new MetricSetBuilder()
  const own = pipeline.stage(stage.name).metrics
  const made = stage.outs.map(({ path }) => path)
  const named = own.flatMap((declared) => made.filter((path) => isDeclared(declared, path)))
  const shared = pipeline.metrics.filter((path) => belongs(path, stage, all))
  for (const path of new Set([...named, ...own.filter((declared) => !declared.includes('${')), ...shared])) {
    const blob = await files.read(commit, path)
    if (!blob) continue
    const parse = (body: Buffer) => parseStructured(path.toLowerCase(), body.toString('utf8'))
    const found = await files.parsed(blob, `metrics ${path}`, ({ body }) => parse(body))
    if (isMissing(found)) set.problem(...splitPlace(path, found.missing))
    else addLeaves(found.value, { source: path }, set)
  }
  return set.build()
}

function belongs(path: string, stage: LockStage, all: readonly LockStage[]): boolean {
  const covers = ({ outs }: LockStage) => outs.some((out) => path === out.path || path.startsWith(`${out.path}/`))
  if (covers(stage)) return true
  if (all.some(covers)) return false
  const made = new Set(stage.outs.map((out) => out.path))
  return !all.some(({ deps }) => deps.some((dep) => made.has(dep.path)))
}
