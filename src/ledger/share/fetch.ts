import { ProvError } from '../../base/errors.ts'
import { escapeLine } from '../../base/escape.ts'
import { type TransferOptions, transfer } from '../../git/refs/transfer.ts'
import type { Repository } from '../../git/repository.ts'
import { type GitResult, tryGit } from '../../git/run.ts'
import { deepening } from '../../git/shallow.ts'
import { readSettings } from '../local/settings.ts'
import { inboxesOf, listSources, trackingRef } from '../read/sources.ts'
import type { Destination } from './destination.ts'

/** What a remote has: the tip of its branch, and inboxes by the ref they have there. */
export interface Fetched {
  tip: string | undefined
  inboxes: Map<string, string>
  /** The tip of the branch here. */
  mine: string | undefined
  /** The branch here and every ref that may hold what it does not, as the fetch left them. */
  refs: Map<string, string>
}

/** A fetch that was started before anything else, and the refs as they were listed then, while nothing moved them since. */
export interface Prefetched {
  fetching?: Promise<GitResult>
  refs?: Map<string, string>
}

/**
 * Fetches the provenance branch of a remote and the inboxes on it, and nothing else, in one round trip. Throws
 * `remote` when it cannot be reached, `not-shared` when it has no branch of its own yet.
 */
export async function fetchProvenance(
  repository: Repository,
  destination: Pick<Destination, 'remote' | 'only'>,
  options: TransferOptions,
  prefetched: Prefetched = {},
): Promise<Fetched> {
  const { remote } = destination
  const { branchRef } = readSettings(repository)
  const tracking = trackingRef(repository, remote)
  const result = await (prefetched.fetching ?? startFetch(repository, destination, options))
  if (result.status !== 0) {
    if (!/couldn't find remote ref/.test(result.stderr)) throw unreachable(remote, result.stderr)
    await requireOwnBranch(repository, destination, options)
    const refs = listSources(repository)
    return { tip: undefined, inboxes: new Map(), mine: refs.get(branchRef), refs }
  }
  // git tells of each ref it moves, and of nothing else while no progress is shown.
  const after = (result.stderr === '' && prefetched.refs) || listSources(repository, [remote])
  const inboxes = new Map<string, string>()
  for (const [ref, tip] of after)
    if (ref.startsWith(inboxesOf(remote))) inboxes.set(`refs/prov/inbox/${ref.slice(inboxesOf(remote).length)}`, tip)
  return { tip: after.get(tracking), inboxes, mine: after.get(branchRef), refs: after }
}

/** Starts the fetch of all that. It fails in what it resolves to. */
export function startFetch(
  repository: Repository,
  { remote }: Pick<Destination, 'remote'>,
  options: TransferOptions,
): Promise<GitResult> {
  const tracking = trackingRef(repository, remote)
  const { branchRef } = readSettings(repository)
  const specs = [`+${branchRef}:${tracking}`, `+refs/prov/inbox/*:${inboxesOf(remote)}*`]
  const flags = [
    '--no-tags',
    '--prune',
    '--no-write-fetch-head',
    '--recurse-submodules=no',
    ...deepening(repository, tracking),
  ]
  const fetching = transfer(repository, ['fetch', ...flags, remote, ...specs], { ...options, tells: true })
  fetching.catch(() => {})
  return fetching
}

/** The first branch pushed to an empty repository is what a forge then shows to everybody: that is never ours. */
async function requireOwnBranch(
  repository: Repository,
  { remote, only }: Pick<Destination, 'remote' | 'only'>,
  options: TransferOptions,
): Promise<void> {
  if (only) return
  const { branchRef } = readSettings(repository)
  const result = await transfer(repository, ['ls-remote', '--heads', remote], options)
  if (result.status !== 0) throw unreachable(remote, result.stderr)
  const heads = result.stdout.toString('utf8').split('\n').filter(Boolean)
  if (heads.some((line) => line.split('\t')[1] !== branchRef)) return
  throw new ProvError('not-shared', `${escapeLine(remote)} has no branches yet; provenance is never pushed first`, {
    hint: `git push ${escapeLine(remote)} HEAD, then git prov sync`,
  })
}

function unreachable(remote: string, stderr: string): ProvError {
  return new ProvError('remote', `${escapeLine(remote)} cannot be reached`, {
    cause: stderr.trim(),
    hint: 'what was recorded stays here; git prov sync sends it',
  })
}

/** Whether a remote's tip holds another commit. */
export function holds(repository: Repository, tip: string, commit: string): boolean {
  return tip === commit || tryGit(repository, ['merge-base', '--is-ancestor', commit, tip]).status === 0
}
