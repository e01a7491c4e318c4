import { lstatSync, mkdtempSync, realpathSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathText } from '../base/path-text.ts'
import { plural } from '../base/quantity.ts'
import { discover } from '../collect/metrics/discover.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/config-file.ts'
import type { Context } from '../context.ts'
import type { Variables } from '../git/environment.ts'
import { listTree } from '../git/objects/list-tree.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { readChanges } from '../git/work-tree/status.ts'
import { localDir } from '../ledger/local/local-dir.ts'
import type { Redactor } from '../privacy/redact.ts'
import { type BuiltEnvironment, diffEnvironments, type EnvironmentDiff } from '../records/environment.ts'
import type { Replay } from '../records/record.ts'
import { bringInputs, checkInputs, type FoundInput, type InputSources } from './inputs.ts'
import type { ReplayOptions } from './options.ts'
import { commandFor, type ReplayCommand } from './place/command.ts'
import { insideOf } from './place/inside.ts'
import { type PythonPlan, planPython } from './place/recreate.ts'
import { environmentIn, installed, linkInstalled, replayVariables } from './place/surroundings.ts'
import { openPlace, type Workspace } from './place/workspace.ts'
import type { Subject } from './subject.ts'

/** A run prepared for replay: nothing has been started or fetched. */
export interface Prepared {
  subject: Subject
  workspace: Workspace
  isolation: Replay['isolation']
  config: Config
  inputs: FoundInput[]
  command: ReplayCommand
  env: Variables
  events: string
  environment: BuiltEnvironment
  /** Undefined when the recorded environment is unknown. */
  differences: EnvironmentDiff | undefined
  /** With --env recreate. */
  python: PythonPlan | undefined
  /** The Python environments that the new one replaces. */
  links: { from: string; folders: readonly string[] } | undefined
  /** Why the run cannot be replayed. */
  obstacles: string[]
}

/** Where a run comes from, and where it is replayed. */
export interface Origin {
  isolation: Replay['isolation']
  /** The user's own repository; undefined for a bundle. */
  own: Repository | undefined
  /** The folder whose installed packages are used. */
  packages: string | undefined
  open(subject: Subject): Promise<Workspace>
}

/** Replays from a repository: in a temporary work tree, or in the user's own. */
export function repositoryOrigin(context: Context, inPlace: boolean): Origin {
  const own = context.repository()
  return {
    isolation: inPlace ? 'in-place' : 'worktree',
    own,
    packages: inPlace ? undefined : own.workTree,
    open: (subject) => (inPlace ? openInPlace(context, subject) : openPlace(context, subject)),
  }
}

interface Preparation {
  origin: Origin
  options: ReplayOptions
  redactor: Redactor
  others: readonly string[]
  /** Called with the workspace as soon as it exists: a signal may come at any time. */
  onOpen(workspace: Workspace): void
}

/** `others`: work trees of earlier replays, to take inputs from. Throws as openPlace does. */
export async function prepare(
  context: Context,
  subject: Subject,
  { origin, options, redactor, others, onOpen }: Preparation,
): Promise<Prepared> {
  const workspace = await origin.open(subject)
  const inPlace = origin.isolation === 'in-place'
  onOpen(workspace)
  try {
    const top = workspace.repository.workTree
    const links = origin.packages && { from: origin.packages, folders: [subject.record.workingFolder] }
    const names = options.environment === 'recreate' ? installed.others : [...installed.python, ...installed.others]
    if (links) linkInstalled(top, { ...links, names })
    const config = await loadConfig(workspace.repository, join(workspace.base, 'cache'))
    const sources = sourcesOf(origin.own, others)
    const inputs = await (inPlace ? checkInputs(workspace, subject) : bringInputs(workspace, subject, sources))
    sources.workTree?.objects.close()
    if (!inPlace) makeOld(workspace, subject, config)
    const command = commandFor(subject.record, top, inPlace ? undefined : origin.own?.workTree, context.env.HOME)
    const events = join(workspace.base, 'events.jsonl')
    const env = replayVariables(context, { id: subject.id, events, folder: 'folder' in command ? command.folder : top })
    const environment = await environmentIn(
      { root: top, cacheDir: join(workspace.base, 'cache'), env },
      config,
      redactor,
    )
    const planned = options.environment === 'recreate' ? planPython(subject.environment) : undefined
    const obstacles = obstaclesOf(inputs, command, inPlace)
    if (planned && 'reason' in planned) obstacles.push(planned.reason)
    return {
      subject,
      workspace,
      isolation: origin.isolation,
      config,
      inputs,
      command,
      env,
      events,
      environment,
      differences: subject.environment && diffEnvironments(subject.environment, environment.environment),
      python: planned && 'packages' in planned ? planned : undefined,
      links: links || undefined,
      obstacles,
    }
  } catch (error) {
    workspace.close()
    throw error
  }
}

export function sourcesOf(repository: Repository | undefined, others: readonly string[]): InputSources {
  const workTree = repository?.workTree
  if (repository === undefined || workTree === undefined) return { workTree: undefined, others }
  const objects = new ObjectReader(repository)
  return {
    workTree: { repository: { ...repository, workTree }, objects, cacheDir: localDir(repository).cache },
    others,
  }
}

/** A missing input is an obstacle, except with --in-place, where the user asked for the work tree as it is. */
export function obstaclesOf(inputs: readonly FoundInput[], command: ReplayCommand, inPlace: boolean): string[] {
  const lacking = inPlace ? [] : inputs.filter(({ from, fetch }) => from === undefined && fetch === undefined)
  return [
    ...('reason' in command ? [command.reason] : []),
    ...lacking.map(({ path, reason }) => `input ${path}: ${reason ?? 'it is not here'}`),
  ]
}

/** Files just checked out must not be taken for what the command writes. */
function makeOld({ repository }: Workspace, { record }: Subject, { metrics }: Config): void {
  const top = repository.workTree
  const tracked = listTree(repository, 'HEAD').map(({ path }) => pathText(path))
  const made = [
    ...(record.outputs ?? []).map(({ path }) => path),
    ...Object.values(record.metrics ?? {}).map(({ source }) => source),
  ]
  for (const path of new Set([...discover(tracked), ...metrics, ...made])) {
    const file = insideOf(top, path)
    if (file && lstatSync(file, { throwIfNoEntry: false })?.isFile()) utimesSync(file, 1, 1)
  }
}

/** The user's own work tree, as it is. */
async function openInPlace(context: Context, subject: Subject): Promise<Workspace> {
  const repository = context.repository()
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'git-prov-replay-')))
  const objects = new ObjectReader(repository)
  const close = (keep = false) => {
    objects.close()
    if (!keep) rmSync(base, { recursive: true, force: true })
  }
  const doubts = await doubtsInPlace(repository, objects, subject)
  return {
    repository: { ...repository, workTree: repository.workTree ?? repository.cwd },
    objects,
    base,
    doubts,
    close,
  }
}

async function doubtsInPlace(
  repository: Repository,
  objects: ObjectReader,
  { commit, snapshotTree }: Subject,
): Promise<string[]> {
  const head = (await objects.read('HEAD'))?.oid
  const { changes } = await readChanges(repository)
  const doubts =
    head === commit
      ? []
      : [`the work tree is at ${head?.slice(0, 10) ?? 'no commit'}, the run was at ${commit.slice(0, 10)}`]
  if (snapshotTree !== undefined) doubts.push('uncommitted work here may not be that of the run')
  else if (changes.length > 0) doubts.push(`${plural(changes.length, 'uncommitted change')} here`)
  return doubts
}
