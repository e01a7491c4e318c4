import { listRemotes } from '../git/refs/remotes.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { deepening } from '../git/shallow.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { trackingRef } from '../ledger/read/sources.ts'
import { setConfig } from './git-config.ts'
import type { Journal } from './journal.ts'

/** Configures fetching of the branch in a clone that would leave it out (--single-branch, --depth). */
export function connect(repository: Repository, journal: Journal): string[] {
  const { branchRef, since } = readSettings(repository)
  const name = branchRef.slice('refs/heads/'.length)
  const entries: (readonly [string, string, 'many'?])[] = []
  if (since === undefined) entries.push(['prov.since', String(Math.floor(Date.now() / 1000))])
  const messages: string[] = []
  for (const remote of listRemotes(repository)) {
    if (fetches(repository, remote, branchRef)) continue
    entries.push([`remote.${remote}.fetch`, `+${branchRef}:refs/remotes/${remote}/${name}`, 'many'])
    messages.push(`git fetch ${remote} now brings ${name} too`)
  }
  setConfig(repository, journal, entries)
  return messages
}

function fetches(repository: Repository, remote: string, branchRef: string): boolean {
  const specs = tryGit(repository, ['config', '--get-all', `remote.${remote}.fetch`]).stdout.toString('utf8')
  return specs.includes('refs/heads/*:') || specs.includes('refs/*:') || specs.includes(`${branchRef}:`)
}

/**
 * Fetches the branch from each remote: an older or --single-branch clone lacks it, and a shallow one has it truncated,
 * although it is small. A remote without the branch, or one that cannot be reached, is no error here.
 */
export function fetchBranches(repository: Repository): string[] {
  const { branchRef } = readSettings(repository)
  return listRemotes(repository).flatMap((remote) => {
    const tracking = trackingRef(repository, remote)
    const depth = deepening(repository, tracking)
    if (depth.length === 0 && tryGit(repository, ['rev-parse', '--verify', '--quiet', tracking]).status === 0) return []
    const quietly = { ...repository, env: { ...repository.env, GIT_TERMINAL_PROMPT: '0' } }
    const args = ['fetch', '--quiet', '--no-tags', ...depth, remote, `+${branchRef}:${tracking}`]
    const result = tryGit(quietly, args)
    if (result.status === 0 || /couldn't find remote ref/.test(result.stderr)) return []
    const why = result.stderr.trim().split('\n')[0]
    return [`${remote} could not be asked for its records (${why}); git fetch ${remote}, then git prov init`]
  })
}
