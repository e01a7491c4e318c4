import { listRefs } from '../git/refs.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { readSettings } from './settings.ts'

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
 * reading is no sharing) and inboxes. Whether a tip is joined already costs a walk of the history and is asked of each
 * that is not the branch's own tip.
 */
export function unjoined(repository: Repository, also: readonly string[] = []): Map<string, string> {
  const { branchRef, remotes } = readSettings(repository)
  const name = branchRef.slice('refs/heads/'.length)
  const chosen = [...new Set([...remotes, ...also])]
  const tracking = chosen.length > 0 ? chosen.map((remote) => trackingRef(repository, remote)) : ['refs/remotes/']
  const refs = listRefs(repository, [branchRef, ...tracking, 'refs/prov/remotes/'])
  const branch = refs.get(branchRef)
  const taken = [...refs].filter(
    ([ref, tip]) => tip !== branch && (ref.startsWith('refs/prov/remotes/') || remoteOf(ref, name) !== undefined),
  )
  return new Map(taken.filter(([, tip]) => !branch || !contains(repository, tip, branch)))
}

function contains(repository: Repository, ancestor: string, descendant: string): boolean {
  return tryGit(repository, ['merge-base', '--is-ancestor', ancestor, descendant]).status === 0
}
