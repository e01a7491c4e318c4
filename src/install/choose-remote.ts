import { ProvError } from '../base/errors.ts'
import type { Context } from '../context.ts'
import { listRemotes, pushAddress } from '../git/refs/remotes.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { addressKey, onlyKey } from '../ledger/share/destination.ts'
import type { Asker } from '../terminal/ask.ts'
import { setConfig } from './git-config.ts'
import type { Journal } from './journal.ts'

/** What is to be chosen from: flags, and the address that prov.yaml proposes. */
interface Choice {
  /** --remote: a name, or an address for provenance alone. */
  given: string | undefined
  /** --no-remote. */
  none: boolean
  /** --yes takes what was found; where records go is not found. */
  yes: boolean
  proposed: string | undefined
}

/** What came of it: the remote's name or address to take, and what to say. */
interface ChosenRemote {
  take?: string
  said: string[]
}

/**
 * Where provenance may go, once: by flag, or asked on a terminal. A file of the repository can only propose an address,
 * since a stranger can bring one; without a terminal nothing is chosen but by the flag.
 */
export async function askRemote(
  context: Context,
  repository: Repository,
  { ask }: Asker,
  { given, none, yes, proposed }: Choice,
): Promise<ChosenRemote> {
  if (given !== undefined) return { take: given, said: [] }
  if (none || readSettings(repository).remotes.length > 0) return { said: [] }
  const offered = proposed ?? ownRemote(repository)
  if (offered === undefined) return { said: [] }
  if (yes || !context.stdin.isTTY || !context.stdout.isTTY)
    return { said: [`nothing is sent anywhere yet; to share: git prov init --remote ${offered}`] }
  const where = proposed === undefined ? `${offered} (${pushAddress(repository, offered)})` : proposed
  const because = proposed === undefined ? '' : ', as prov.yaml proposes'
  const agreed = await ask(`share provenance with ${where}${because}?`, proposed === undefined)
  return agreed ? { take: offered, said: [] } : { said: [] }
}

function ownRemote(repository: Repository): string | undefined {
  const remotes = listRemotes(repository)
  return remotes.includes('origin') ? 'origin' : remotes.length === 1 ? remotes[0] : undefined
}

/** Remembers a remote in the clone's configuration, with the address it has now. Returns what to say. */
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

/** A remote for provenance alone: fetching it brings the branch and nothing else. */
function add(repository: Repository, journal: Journal, given: string, remotes: readonly string[]): string {
  if (!isAddress(given)) {
    throw new ProvError('usage', `there is no remote '${given}'`, {
      hint: remotes.length > 0 ? `there are: ${remotes.join(', ')}` : 'git remote add origin <url>',
    })
  }
  const name = 'provenance'
  if (remotes.includes(name))
    throw new ProvError('usage', `there is a remote '${name}' already, for another address`, {
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

/** git-clone(1), GIT URLS: the forms that run no command of their own. */
export function isAddress(text: string): boolean {
  return (
    /^(https?|ssh|git|file):\/\/[^\s-][^\s]*$/.test(text) ||
    /^[\w.-]+@[\w.-]+:[^\s]+$/.test(text) ||
    /^\/[^\s]*$/.test(text)
  )
}
