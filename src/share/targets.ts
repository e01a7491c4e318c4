import { listRemotes } from '../git/refs/remotes.ts'
import type { Repository } from '../git/repository.ts'
import { type Destination, destinations } from '../ledger/share/destination.ts'

/** The remotes to sync with. Reading shares nothing: without a push any remote may be contacted. */
export function targetsOf(repository: Repository, asked: string | undefined, noPush: boolean): Destination[] {
  if (noPush && asked !== undefined && listRemotes(repository).includes(asked))
    return [{ remote: asked, url: '', only: true }]
  return destinations(repository, asked)
}
