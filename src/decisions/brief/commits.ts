import { ProvError } from '../../base/errors.ts'
import { streamLog } from '../../git/history/log.ts'
import type { Repository } from '../../git/repository.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { type NoteLine, parseNote } from '../../records/note.ts'

/** A commit that a brief is about, with its note. */
export interface BriefedCommit {
  oid: string
  subject: string
  lines: readonly NoteLine[]
}

/** One commit, or the commits of a range, newest first. Throws `unknown-revision` when there are none. */
export async function readCommits(repository: Repository, word: string): Promise<BriefedCommit[]> {
  const options = { notesRef: readSettings(repository).notesRef, colour: false, graph: false }
  const range = word.includes('..')
  const commits: BriefedCommit[] = []
  for await (const { commit, message, note } of streamLog(
    repository,
    [`--max-count=${range ? 1000 : 1}`, word, '--'],
    options,
  ))
    commits.push({ oid: commit, subject: message.split('\n')[0] ?? '', lines: parseNote(note).lines })
  if (commits.length > 0) return commits
  throw new ProvError('unknown-revision', `no commits in '${word}'`, { hint: 'git log --oneline' })
}
