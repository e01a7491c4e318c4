import { ProvError } from '../core/errors.ts'
import { type NoteLine, noteLines } from '../core/note.ts'
import { formatNote } from '../core/note-order.ts'
import { importCommits } from '../git/fast-import.ts'
import { moveRefs } from '../git/refs.ts'
import type { Repository } from '../git/repository.ts'
import { gitText, tryGit } from '../git/run.ts'
import { committerIdent } from './committer.ts'
import { readRecords } from './read.ts'
import { readSettings } from './settings.ts'

export interface Rebuilt {
  /** Commits that have a note now. */
  commits: number
  records: number
  /** False when the notes were right already. */
  changed: boolean
  /** Records that could not be read, which have no note. */
  damaged: ProvError[]
}

/** Makes the notes anew from the branch alone. Nothing is only in a note, so nothing is lost by it. */
export async function rebuildNotes(repository: Repository): Promise<Rebuilt> {
  const { notesRef } = readSettings(repository)
  const { lines, records, damaged } = await collectNotes(repository)
  const files = new Map<string, Uint8Array>()
  const deep = lines.size > 65_536
  for (const [commit, texts] of lines) {
    const path = deep
      ? `${commit.slice(0, 2)}/${commit.slice(2, 4)}/${commit.slice(4)}`
      : `${commit.slice(0, 2)}/${commit.slice(2)}`
    files.set(path, Buffer.from(formatNote(texts), 'utf8'))
  }
  const old = tryGit(repository, ['rev-parse', '--verify', '--quiet', notesRef]).stdout.toString('utf8').trim()
  const ident = committerIdent(repository)
  const [notes] = await importCommits(repository, [{ ident, message: 'rebuild\n', parents: [], files }])
  const changed = !old || treeOf(repository, old) !== treeOf(repository, notes as string)
  if (changed && !(await moveRefs(repository, [{ ref: notesRef, to: notes, from: old || undefined }]))) {
    throw new ProvError('contention', `${notesRef} moved while it was rebuilt`, { hint: 'git prov notes rebuild' })
  }
  return { commits: lines.size, records, changed, damaged }
}

/** What each commit's note should say, from the branch alone. */
export async function collectNotes(repository: Repository) {
  const lines = new Map<string, NoteLine[]>()
  const damaged: ProvError[] = []
  let records = 0
  for await (const outcome of readRecords(repository)) {
    if ('error' in outcome) {
      damaged.push(outcome.error)
      continue
    }
    records += 1
    for (const [commit, line] of noteLines(outcome.stored)) {
      const list = lines.get(commit) ?? []
      list.push(line)
      lines.set(commit, list)
    }
  }
  return { lines, records, damaged }
}

function treeOf(repository: Repository, commit: string): string {
  return gitText(repository, ['rev-parse', `${commit}^{tree}`])
}
