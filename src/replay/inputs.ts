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

/** An input of the run, and where the same content was found. */
export interface FoundInput {
  path: string
  recorded?: string
  /** code, the work tree, … ; undefined when it was not found. */
  from?: string
  /** Fetches it, once allowed. */
  fetch?: Holder
  /** Digest of the content in the user's work tree now, when it differs. */
  now?: string
  reason?: string
}

/** Where inputs are looked for besides the code: the user's work tree, and outputs of earlier replays of a chain. */
export interface InputSources {
  /** Its cache saves reading files again. */
  workTree: { repository: Repository & { workTree: string }; objects: ObjectReader; cacheDir: string } | undefined
  /** Tops of work trees. */
  others: readonly string[]
}

/**
 * Brings the inputs of a run into its workspace, each verified by its digest. Runs only git and does not use the network:
 * an input that must be fetched comes with the tool that can fetch it.
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
    // It was missing at the time too, or only another tool knows its digest: it cannot be compared.
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

/** Content known only by another tool's digest is taken from that tool as is. */
const isWanted = (found: string | undefined, recorded: string | undefined) =>
  found !== undefined && (recorded === undefined || found === recorded)

/** Fetches the inputs still missing. Returns all inputs as they are afterwards. */
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

/** Digest of a path in the workspace as it is now. */
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

/** The inputs as they are, for a replay in the user's own work tree. */
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
