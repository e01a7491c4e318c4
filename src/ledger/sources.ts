import { listRefs } from '../git/refs.ts'
import type { Repository } from '../git/repository.ts'
import { git, tryGit } from '../git/run.ts'
import { readSettings } from './settings.ts'

/** Where fetching puts what a remote's clones could not push to the branch itself: one ref a clone. */
export const inboxesOf = (remote: string) => `refs/prov/remotes/${remote}/inbox/`

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
 * Refs that hold what the local branch does not: branches of the chosen remotes (of all, where none was chosen: reading
 * is no sharing) and inboxes. One process.
 */
export function unjoined(repository: Repository): Map<string, string> {
  const { branchRef, remotes } = readSettings(repository)
  const name = branchRef.slice('refs/heads/'.length)
  const here = tryGit(repository, ['rev-parse', '--verify', '--quiet', branchRef]).status === 0
  const text = git(repository, [
    'for-each-ref',
    '--format=%(objectname) %(refname)',
    ...(here ? [`--no-merged=${branchRef}`] : []),
    '--',
    ...(remotes.length > 0 ? remotes.map((remote) => `refs/remotes/${remote}/${name}`) : ['refs/remotes/']),
    'refs/prov/remotes/',
  ]).toString('utf8')
  const refs = text.split('\n').flatMap((line) => {
    const [oid = '', ref = ''] = line.split(' ')
    const taken = ref.startsWith('refs/prov/remotes/') || remoteOf(ref, name) !== undefined
    return oid && taken ? [[ref, oid] as const] : []
  })
  return new Map(refs)
}
