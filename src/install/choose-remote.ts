import type { Context } from '../context.ts'
import { listRemotes, pushAddress } from '../git/refs/remotes.ts'
import type { Repository } from '../git/repository.ts'
import { readSettings } from '../ledger/local/settings.ts'
import type { Asker } from '../terminal/ask.ts'
import { isAddress } from './address.ts'

/** What is to be chosen from: flags, and the address that prov.yaml proposes. */
interface Choice {
  /** --remote: a name, or an address for provenance alone. */
  given: string | undefined
  /** --no-remote. */
  none: boolean
  /** The address that prov.yaml has; one that would run a command is ignored. */
  proposed: string | undefined
}

/** What came of it: the remote's name or address to take, and what to say. */
export interface ChosenRemote {
  take?: string
  said: string[]
}

/**
 * Where provenance may go, once: by flag, or asked on a terminal. A file of the repository can only propose an address,
 * since a stranger can bring one; without a terminal nothing is chosen but by the flag.
 */
export async function askRemote(
  context: Context,
  { asks, agree }: Asker,
  { given, none, ...choice }: Choice,
): Promise<ChosenRemote> {
  const repository = context.repository()
  if (given !== undefined) return { take: given, said: [] }
  if (none || readSettings(repository).remotes.length > 0) return { said: [] }
  const proposed = choice.proposed !== undefined && isAddress(choice.proposed) ? choice.proposed : undefined
  const offered = proposed ?? ownRemote(repository)
  if (offered === undefined) return { said: [] }
  if (!asks) return { said: [`nothing is sent anywhere yet; to share: git prov init --remote ${offered}`] }
  const where = proposed === undefined ? `${offered} (${pushAddress(repository, offered)})` : proposed
  const because = proposed === undefined ? '' : ', as proposed in prov.yaml'
  const agreed = await agree(`share provenance with ${where}${because}?`, proposed === undefined)
  return agreed ? { take: offered, said: [] } : { said: [] }
}

function ownRemote(repository: Repository): string | undefined {
  const remotes = listRemotes(repository)
  return remotes.includes('origin') ? 'origin' : remotes.length === 1 ? remotes[0] : undefined
}
