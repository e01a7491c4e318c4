import type { Context } from '../context.ts'
import { listRemotes, pushAddress } from '../git/refs/remotes.ts'
import type { Repository } from '../git/repository.ts'
import { readSettings } from '../ledger/local/settings.ts'
import type { Asker } from '../terminal/ask.ts'
import { isAddress } from './address.ts'

/** What to choose from: flags, and the address that prov.yaml proposes. */
interface Choice {
  /** --remote: a remote's name, or an address for provenance alone. */
  given: string | undefined
  /** --no-remote. */
  none: boolean
  /** The address in prov.yaml; one that would run a command is ignored. */
  proposed: string | undefined
}

/** The chosen remote or address, and what to report. */
export interface ChosenRemote {
  take?: string
  messages: string[]
}

/**
 * Asks once where provenance may be sent: by flag, or on a terminal. A file in the repository can only propose an
 * address, since a stranger may have written it; without a terminal only the flag counts.
 */
export async function askRemote(
  context: Context,
  { asks, agree }: Asker,
  { given, none, ...choice }: Choice,
): Promise<ChosenRemote> {
  const repository = context.repository()
  if (given !== undefined) return { take: given, messages: [] }
  if (none || readSettings(repository).remotes.length > 0) return { messages: [] }
  const proposed = choice.proposed !== undefined && isAddress(choice.proposed) ? choice.proposed : undefined
  const offered = proposed ?? ownRemote(repository)
  if (offered === undefined) return { messages: [] }
  if (!asks) return { messages: [`nothing is sent anywhere yet; to share: git prov init --remote ${offered}`] }
  const where = proposed === undefined ? `${offered} (${pushAddress(repository, offered)})` : proposed
  const because = proposed === undefined ? '' : ', as proposed in prov.yaml'
  const agreed = await agree(`share provenance with ${where}${because}?`, proposed === undefined)
  return agreed ? { take: offered, messages: [] } : { messages: [] }
}

function ownRemote(repository: Repository): string | undefined {
  const remotes = listRemotes(repository)
  return remotes.includes('origin') ? 'origin' : remotes.length === 1 ? remotes[0] : undefined
}
