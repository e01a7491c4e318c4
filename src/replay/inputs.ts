import { join } from 'node:path'
import { type Fingerprint, fingerprintOnDisk } from '../collect/datasets.ts'
import type { RunFile } from '../generated/types.ts'
import type { ObjectReader } from '../git/objects/objects.ts'
import type { Repository } from '../git/repository.ts'
import { copy } from './inputs/copy.ts'
import { type Holder, holders } from './inputs/holders.ts'
import { insideOf } from './place/inside.ts'
import type { Workspace } from './place/workspace.ts'
import type { Subject } from './subject.ts'

/** An input of the run, and where the very same content was had from. */
export interface FoundInput {
  path: string
  recorded?: string
  /** code, the work tree, … ; undefined when it could not be had. */
  from?: string
  /** What fetches it, once it may. */
  fetch?: Holder
  /** Digest of what lies in the user's work tree now, where that is other content. */
  now?: string
  reason?: string
}

/** Where inputs may be had from beside the code: the user's work tree, and what earlier replays of a chain made. */
export interface InputSources {
  /** Its cache directory spares reading files again. */
  workTree: { repository: Repository & { workTree: string }; objects: ObjectReader; cacheDir: string } | undefined
  /** Tops of work trees. */
  others: readonly string[]
}

/**
 * Brings the inputs of a run into its place, each proved by its digest. Runs nothing but git and reads no network:
 * what would have to be fetched says by what.
 */
export async function bringInputs(
  workspace: Workspace,
  { record }: Subject,
  sources: InputSources,
): Promise<FoundInput[]> {
  const found: FoundInput[] = []
  for (const input of record.inputs) {
    const folder = found.find(({ path, from }) => from !== undefined && input.path.startsWith(`${path}/`))
    found.push(await bringInput(workspace, input, { ...sources, here: folder?.from ?? 'code' }))
  }
  return found
}

async function bringInput(
  workspace: Workspace,
  input: RunFile,
  sources: InputSources & { here: string },
): Promise<FoundInput> {
  const { path, digest, state, reason } = input
  const target = insideOf(workspace.repository.workTree, path)
  if (target === undefined) return { path, reason: 'it lies outside the work tree' }
  if (digest === undefined) {
    // Nothing was there then either, or only another tool knew it: whether it is the same cannot be said.
    if (state === 'missing') return { path, from: 'nothing, as in the recorded run' }
    if ((await digestAt(workspace, path)) === undefined) return await fromHolders(workspace, input, undefined, sources)
    return { path, from: sources.here, reason: reason ?? 'its content was not fingerprinted' }
  }
  if ((await digestAt(workspace, path)) === digest) return { path, recorded: digest, from: sources.here }
  const { workTree } = sources
  const now = workTree && (await digestOf(workTree, path))
  const tops = [...(workTree && now === digest ? [workTree.repository.workTree] : []), ...sources.others]
  for (const top of tops) {
    copy(join(top, path), target)
    if ((await digestAt(workspace, path)) === digest)
      return {
        path,
        recorded: digest,
        from: top === workTree?.repository.workTree ? 'the work tree' : 'an earlier replay',
      }
  }
  return await fromHolders(workspace, input, now, sources)
}

async function fromHolders(
  workspace: Workspace,
  { path, digest }: RunFile,
  now: string | undefined,
  sources: InputSources,
): Promise<FoundInput> {
  const request = {
    workspace,
    path,
    commonDir: workspace.repository.commonDir,
    workTree: sources.workTree?.repository.workTree,
  }
  const common = { path, ...(digest !== undefined && { recorded: digest }), ...(now !== undefined && { now }) }
  for (const holder of holders) {
    const held = await holder.look(request)
    if (held === 'here' && isWanted(await digestAt(workspace, path), digest)) return { ...common, from: holder.name }
    if (held === 'elsewhere') return { ...common, fetch: holder }
  }
  return { ...common, reason: now === undefined ? 'it is not here' : 'it has changed since' }
}

/** What another tool knows by a digest of its own is taken from it as it comes. */
const isWanted = (found: string | undefined, recorded: string | undefined) =>
  found !== undefined && (recorded === undefined || found === recorded)

/** Fetches what was left to be fetched. Returns the inputs as they are then. */
export async function fetchInputs(
  workspace: Workspace,
  inputs: readonly FoundInput[],
  sources: InputSources,
): Promise<FoundInput[]> {
  const fetched: FoundInput[] = []
  for (const { fetch, ...input } of inputs) {
    if (!fetch) {
      fetched.push(input)
      continue
    }
    const workTree = sources.workTree?.repository.workTree
    const reason = await fetch.fetch({
      workspace,
      path: input.path,
      commonDir: workspace.repository.commonDir,
      workTree,
    })
    const same = isWanted(await digestAt(workspace, input.path), input.recorded)
    fetched.push(
      same ? { ...input, from: fetch.name } : { ...input, reason: reason ?? `${fetch.name} fetched other content` },
    )
  }
  return fetched
}

/** Digest of a path in the place as it lies there. */
async function digestAt({ repository, objects, base }: Workspace, path: string): Promise<string | undefined> {
  return await digestOf({ repository, objects, cacheDir: join(base, 'cache') }, path)
}

/** The same with the manifest of a folder. */
export async function printAt(
  { repository, objects, base }: Workspace,
  path: string,
): Promise<Fingerprint | undefined> {
  return await printOf({ repository, objects, cacheDir: join(base, 'cache') }, path)
}

interface Lying {
  repository: Repository
  objects: ObjectReader
  cacheDir: string
}

async function digestOf(lying: Lying, path: string): Promise<string | undefined> {
  return (await printOf(lying, path))?.dataset.digest
}

async function printOf({ repository, objects, cacheDir }: Lying, path: string): Promise<Fingerprint | undefined> {
  const print = await fingerprintOnDisk({
    repository,
    objects,
    commit: { oid: 'HEAD' },
    datasets: [{ name: path, path }],
    cacheDir,
    late: false,
    deadline: Number.POSITIVE_INFINITY,
  })
  return print[path]
}

/** The inputs as they lie, for a run in the user's own work tree. */
export async function checkInputs(workspace: Workspace, { record }: Subject): Promise<FoundInput[]> {
  const checked: FoundInput[] = []
  for (const { path, digest } of record.inputs) {
    const now = insideOf(workspace.repository.workTree, path) && (await digestAt(workspace, path))
    if (digest === undefined || now === digest)
      checked.push({ path, from: 'the work tree', ...(digest && { recorded: digest }) })
    else
      checked.push({
        path,
        from: 'the work tree',
        recorded: digest,
        ...(now && { now }),
        reason: now ? 'it has changed since' : 'it is not here',
      })
  }
  return checked
}
