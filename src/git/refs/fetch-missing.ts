import { gitFailed, type Place, tryGit } from '../run.ts'
import { promisorRemote } from './remotes.ts'

/**
 * Fetches all blobs of a tree that a partial clone lacks at once: reading them one by one, git would start a fetch for
 * each. Returns how many were fetched. Throws `git`.
 */
export function fetchMissing(place: Place & { commonDir: string }, commit: string, unless?: string): number {
  const remote = promisorRemote(place)
  if (!remote) return 0
  const listed = tryGit(place, [
    'rev-list',
    '--objects',
    '--missing=print',
    ...(unless ? [commit, `^${unless}`] : ['--no-walk', commit]),
  ])
  const missing = [...listed.stdout.toString('latin1').matchAll(/^\?([0-9a-f]+)$/gm)].map((match) => match[1] as string)
  if (missing.length === 0) return 0
  const args = ['-c', 'fetch.negotiationAlgorithm=noop', 'fetch', '--quiet', remote, '--no-tags']
  const result = tryGit(
    { ...place, env: { ...place.env, GIT_TERMINAL_PROMPT: '0' } },
    [...args, '--no-write-fetch-head', '--recurse-submodules=no', '--filter=blob:none', '--stdin'],
    `${missing.join('\n')}\n`,
  )
  if (result.status !== 0) throw gitFailed(['fetch'], result.stderr)
  return missing.length
}
