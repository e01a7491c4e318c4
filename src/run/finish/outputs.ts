import { byteString, pathText } from '../../base/path-text.ts'
import { plural } from '../../base/quantity.ts'
import { digestFile } from '../../collect/digest-file.ts'
import type { RunFile, RunProblem } from '../../generated/types.ts'
import { readChanges, type WorkTreeStatus } from '../../git/work-tree/status.ts'
import type { Run } from '../../records/record.ts'
import { datasetsOf, type LookedAt, lookAtFiles, type NamedPath } from '../files.ts'
import type { Before } from '../plan.ts'
import type { Session } from '../session.ts'
import { compareScans, type Observed, scanOf } from '../work-tree-scan.ts'

export interface FoundOutputs extends LookedAt {
  problems: RunProblem[]
}

const mostObserved = 1000

interface Known {
  before: Before | undefined
  /** The work tree's status now, when it was already requested. */
  after: Promise<WorkTreeStatus> | undefined
  /** The declared outputs of runs that overlapped in the same work tree. */
  others: readonly string[][]
  /** Paths that the run itself, or its trace, named. */
  named: readonly NamedPath[]
}

/**
 * What a run made: its declared outputs, datasets that changed, and whatever else changed in the work tree. The files of
 * this folder gather what the finished record says.
 */
export async function findOutputs(
  session: Session,
  planned: Pick<Run, 'inputs' | 'outputs'>,
  { before, after, others, named: byItself }: Known,
): Promise<FoundOutputs> {
  const declared = declaredOutputs(planned, byItself)
  const named = new Set(declared.map(({ path }) => path))
  const datasets = datasetsOf(session).filter(({ path }) => !named.has(path))
  const [outputs, data, observed] = await Promise.all([
    lookAtFiles(session, declared),
    lookAtFiles(session, datasets),
    observe(session, before, after),
  ])
  const inputs = new Map(planned.inputs.map((file) => [file.path, file]))
  const changed = data.files.flatMap((file) => changedDataset(inputs.get(file.path), file))
  const seen = new Map(observed.files.map(({ path, change }) => [pathText(path), change]))
  const own = outputs.files.map((file) => ({
    ...withChange(file, before?.outputs[file.path]),
    ...seenChange(seen, file),
  }))
  const reported = [...own, ...changed]
  const rest = observed.files.filter(
    ({ path }) => !isBelow(path, [...reported.map((file) => file.path), ...others.flat()]),
  )
  const problems = [...observed.problems]
  // Nothing shows which process made a change, so a run that declared its outputs is believed.
  if (others.length > 0 && declared.length > 0) rest.splice(0)
  else if (others.length > 0 && rest.length > 0)
    problems.push({ where: 'outputs', reason: 'other runs were active here: changed files may be theirs' })
  const files = [...reported, ...(await describeObserved(session, rest, problems))]
  return { files, manifests: { ...outputs.manifests, ...data.manifests }, problems }
}

/** Each path once; declared paths come before those the run named. */
function declaredOutputs(planned: Pick<Run, 'outputs'>, byItself: readonly NamedPath[]): NamedPath[] {
  const folders = (planned.outputs ?? []).map(({ path }) => `${path}/`)
  const own = byItself.filter(({ path }) => !folders.some((folder) => path.startsWith(folder)))
  const paths = new Map(own.map((named) => [named.path, named]))
  for (const { path, declared, dataset } of planned.outputs ?? [])
    paths.set(path, { path, declared, ...(dataset !== undefined && { dataset }) })
  return [...paths.values()]
}

/** For a file not looked at before the run, the change that git saw. */
function seenChange(seen: ReadonlyMap<string, Observed['change']>, file: RunFile): Partial<RunFile> {
  const change = seen.get(file.path)
  return change && file.declared !== 'option' && file.declared !== 'config' ? { change } : {}
}

/** A dataset is an output when the run changed it. */
function changedDataset(then: RunFile | undefined, now: RunFile): RunFile[] {
  if (then?.digest === now.digest && then?.state === now.state) return []
  return [withChange(now, then?.digest ?? (then === undefined || then.state === 'missing' ? null : ''))]
}

function withChange(file: RunFile, then: string | null | undefined): RunFile {
  const gone = file.state === 'missing'
  if (then === undefined || (then === null && gone)) return file
  if (then === null) return { ...file, change: 'created' }
  if (gone) return { ...file, change: 'deleted' }
  return { ...file, change: then === file.digest ? 'unchanged' : 'modified' }
}

async function observe(
  { repository }: Session,
  before: Before | undefined,
  after = before?.scan && readChanges(repository),
): Promise<{ files: Observed[]; problems: RunProblem[] }> {
  const status = await after
  if (!before?.scan || !status) return { files: [], problems: [] }
  if (status.failed !== undefined) {
    const reason = `git could not tell what changed: ${status.failed}`.slice(0, 1024)
    return { files: [], problems: [{ where: 'outputs', reason }] }
  }
  return { files: compareScans(repository, new Map(before.scan), scanOf(repository, status), status), problems: [] }
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    const bytes = byteString(folder)
    return bytes === '.' || path === bytes || path.startsWith(`${bytes}/`)
  })
}

async function describeObserved(
  { repository, signal }: Session,
  observed: readonly Observed[],
  problems: RunProblem[],
): Promise<RunFile[]> {
  if (observed.length > mostObserved)
    problems.push({ where: 'outputs', reason: `${plural(observed.length - mostObserved, 'more file')} changed` })
  const files: RunFile[] = []
  for (const { path, change } of observed.slice(0, mostObserved)) {
    const file = { path: pathText(path).slice(0, 4096), declared: 'observed' as const, change }
    if (change === 'deleted') files.push({ ...file, state: 'missing', reason: 'deleted' })
    else files.push({ ...file, ...(await digestFile(`${byteString(repository.workTree)}/${path}`, signal)) })
  }
  return files
}
