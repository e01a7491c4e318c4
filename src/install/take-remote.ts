import { ProvError } from '../base/errors.ts'
import { listRemotes, pushAddress } from '../git/refs/remotes.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { addressKey, onlyKey } from '../ledger/share/destination.ts'
import { isAddress } from './address.ts'
import { setConfig } from './git-config.ts'
import type { Journal } from './journal.ts'

/** Stores a remote in the clone's configuration, with its current address. Returns what to report. */
export function takeRemote(repository: Repository, journal: Journal, given: string): string {
  const remotes = listRemotes(repository)
  const known = remotes.includes(given)
    ? given
    : remotes.find((name) => tryGit(repository, ['remote', 'get-url', name]).stdout.toString('utf8').trim() === given)
  const remote = known ?? add(repository, journal, given, remotes)
  const address = pushAddress(repository, remote)
  setConfig(repository, journal, [
    ['prov.remote', remote, 'many'],
    [addressKey(remote), address],
  ])
  return `provenance goes to ${remote} (${address}); git prov sync, and every git push`
}

/** Adds a remote for provenance alone: fetching it brings the branch and nothing else. */
function add(repository: Repository, journal: Journal, given: string, remotes: readonly string[]): string {
  if (!isAddress(given)) {
    throw new ProvError('usage', `there is no remote '${given}'`, {
      hint: remotes.length > 0 ? `one of: ${remotes.join(', ')}` : 'git remote add origin <url>',
    })
  }
  const name = 'provenance'
  if (remotes.includes(name))
    throw new ProvError('usage', `remote '${name}' already exists, with another address`, {
      hint: `git prov init --remote ${name}, or git remote add <name> ${given}, then git prov init --remote <name>`,
    })
  const { branchRef } = readSettings(repository)
  setConfig(repository, journal, [
    [`remote.${name}.url`, given],
    [`remote.${name}.fetch`, `+${branchRef}:refs/remotes/${name}/${branchRef.slice('refs/heads/'.length)}`],
    [onlyKey(name), 'true'],
  ])
  return name
}
