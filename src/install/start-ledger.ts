import { plural } from '../base/quantity.ts'
import type { Repository } from '../git/repository.ts'
import { tryGit } from '../git/run.ts'
import { initLedger } from '../ledger/append/init.ts'
import { readSettings } from '../ledger/local/settings.ts'
import { rebuildNotes } from '../ledger/notes/rebuild-notes.ts'
import { remoteBranches } from '../ledger/read/sources.ts'
import { joinRemotes } from '../ledger/share/join.ts'

/** Creates the branch, or takes the remotes' version of it, with the notes. Returns what changed, for the user. */
export async function startLedger(repository: Repository): Promise<string[]> {
  const { branchRef, notesRef } = readSettings(repository)
  const name = branchRef.slice('refs/heads/'.length)
  if (remoteBranches(repository).size === 0 || exists(repository, branchRef)) {
    if ((await initLedger(repository)) === 'created' && remoteBranches(repository).size === 0)
      return [`branch ${name} created`]
  }
  const joined = await joinRemotes(repository)
  const taken = joined.flatMap(({ redaction }) => (redaction ? [sayTaken(redaction)] : []))
  if (joined.length === 0 && exists(repository, notesRef)) return []
  const rebuilt = (joined.length === 1 && joined[0]?.rebuilt) || (await rebuildNotes(repository))
  const from = joined.map(({ ref }) => ref.replace('refs/remotes/', '')).join(', ')
  if (joined.length === 0)
    return rebuilt.changed && rebuilt.records > 0 ? [`notes rebuilt: ${plural(rebuilt.records, 'record')}`] : []
  return [
    `connected to ${from}: ${plural(rebuilt.records, 'record')} about ${plural(rebuilt.commits, 'commit')}`,
    ...taken,
  ]
}

const exists = (repository: Repository, ref: string) =>
  tryGit(repository, ['rev-parse', '--verify', '--quiet', ref]).status === 0

const sayTaken = (redaction: string) =>
  `accepted the history rewritten by redaction ${redaction.slice(0, 12)}; to delete what it removed from this clone: git prov redact --purge`
