import type { Repository } from '../../git/repository.ts'
import { isNewer, mayHoldNewer, parseNote, type UnreadLine } from '../../records/note.ts'
import { readSettings } from '../local/settings.ts'
import { readRedacted } from '../removal/removals.ts'
import { readNotes } from './read-notes.ts'

/** What notes say of records of kinds that only a newer version knows. */
export interface NewerLines {
  /** By commit. */
  lines: Map<string, UnreadLine[]>
  /** Of their records. */
  ids: Set<string>
}

/** Such lines of a notes commit, to be taken over into the next: this version could not make them again. */
export async function readNewerLines(repository: Repository, notes: string): Promise<NewerLines> {
  const lines = new Map<string, UnreadLine[]>()
  for await (const batch of readNotes(repository, notes))
    for (const { commit, text } of batch) {
      const found = mayHoldNewer(text) ? parseNote(text).lines.filter(isNewer) : []
      if (found.length > 0) lines.set(commit, found)
    }
  if (lines.size > 0) await dropRedacted(repository, lines)
  return { lines, ids: new Set([...lines.values()].flat().map(({ id }) => id)) }
}

/** What was said of a record that was taken out goes with it. */
async function dropRedacted(repository: Repository, lines: Map<string, UnreadLine[]>): Promise<void> {
  const redacted = await readRedacted(repository, readSettings(repository).branchRef)
  for (const [commit, all] of lines)
    lines.set(
      commit,
      all.filter(({ id }) => !redacted.has(id)),
    )
}
