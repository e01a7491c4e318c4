import { listRefs } from '../../git/refs/refs.ts'
import type { Repository } from '../../git/repository.ts'
import { readSettings } from '../local/settings.ts'

/** Where fetching puts what a remote's clones could not push to the branch itself: one ref a clone. */
export const inboxesOf = (remote: string) => `refs/prov/remotes/${remote}/inbox/`

/** Where fetching puts a remote's branch. */
export function trackingRef(repository: Repository, remote: string): string {
  return `refs/remotes/${remote}/${readSettings(repository).branchRef.slice('refs/heads/'.length)}`
}

/** The provenance branches that fetching has brought, as remote-tracking refs, with their tips. */
export function remoteBranches(repository: Repository): Map<string, string> {
  const { branchRef, remotes } = readSettings(repository)
  const name = branchRef.slice('refs/heads/'.length)
  const wanted = (ref: string) => {
    const remote = remoteOf(ref, name)
    return remote !== undefined && (remotes.length === 0 || remotes.includes(remote))
  }
  return new Map([...listRefs(repository, ['refs/remotes/'])].filter(([ref]) => wanted(ref)))
}

/** The remote of a tracking ref of the branch; a remote's own name may hold slashes. */
function remoteOf(ref: string, branch: string): string | undefined {
  const rest = ref.slice('refs/remotes/'.length)
  return rest.endsWith(`/${branch}`) ? rest.slice(0, -branch.length - 1) : undefined
}

/**
 * Refs that may hold what the local branch does not: branches of the chosen remotes (of all, where none was chosen:
 * reading is no sharing) and inboxes, but for those at the branch's own tip.
 */
export function unjoined(repository: Repository, also: readonly string[] = []): Map<string, string> {
  return unjoinedOf(repository, listSources(repository, also))
}

/** The branch here and every ref that may hold what it does not. `also` names remotes beside the chosen ones. */
export function listSources(repository: Repository, also: readonly string[] = []): Map<string, string> {
  const { branchRef, remotes } = readSettings(repository)
  const chosen = [...new Set([...remotes, ...also])]
  const tracking = chosen.length > 0 ? chosen.map((remote) => trackingRef(repository, remote)) : ['refs/remotes/']
  return listRefs(repository, [branchRef, ...tracking, 'refs/prov/remotes/'])
}

/** What is to be joined of such a list; branches before inboxes: where there is none here, the first is taken whole. */
export function unjoinedOf(repository: Repository, refs: ReadonlyMap<string, string>): Map<string, string> {
  const { branchRef } = readSettings(repository)
  const name = branchRef.slice('refs/heads/'.length)
  const branch = refs.get(branchRef)
  const isMeant = (ref: string) => ref.startsWith('refs/prov/remotes/') || remoteOf(ref, name) !== undefined
  const taken = [...refs].filter(([ref, tip]) => ref !== branchRef && tip !== branch && isMeant(ref))
  return new Map(taken.sort(([a], [b]) => rank(a) - rank(b)))
}

const rank = (ref: string) => (ref.startsWith('refs/remotes/') ? 0 : 1)
