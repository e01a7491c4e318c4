import { ProvError } from '../../base/errors.ts'
import { pathText } from '../../base/path-text.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { findRun } from '../../ledger/index/find-run.ts'
import { readSettings } from '../../ledger/local/settings.ts'
import { findNote } from '../../ledger/notes/notes.ts'
import { findNamed } from '../../ledger/read/find-record.ts'
import { parseManifest } from '../../records/branch/manifest.ts'
import { manifestPath } from '../../records/layout.ts'
import { parseNote } from '../../records/note.ts'
import type { Capture, Run, StoredRecord } from '../../records/record.ts'
import { commitStatement, runStatement, type Statement, type SubjectFile } from './in-toto.ts'

/** The statement for a finished run or a captured commit; a word names a run first, then a revision. Throws `usage` for anything else. */
export async function statementOf(repository: Repository, word: string): Promise<Statement> {
  const objects = new ObjectReader(repository)
  try {
    const view = /^[0-9a-f-]{4,64}$/.test(word) ? await findRun(repository, objects, word) : undefined
    if (view && !view.finished)
      throw new ProvError('usage', `run ${word} has not finished`, { hint: `git prov run --finish ${word}` })
    if (view?.finished) return runStatement(view.finished, await outputsOf(repository, objects, view.record))
    const { stored, resolved } = await findNamed(repository, objects, word)
    if (stored.record.kind !== 'capture' || !resolved)
      throw new ProvError('usage', `'${word}' is neither a run nor a revision`, { hint: 'git prov runs' })
    const runs = await runsAt(repository, objects, resolved.commit)
    return commitStatement(word, stored as StoredRecord<Capture>, runs)
  } finally {
    objects.close()
  }
}

/** The files of a folder, from its manifest. */
async function outputsOf(repository: Repository, objects: ObjectReader, { outputs = [] }: Run): Promise<SubjectFile[]> {
  const { branchRef } = readSettings(repository)
  const files: SubjectFile[] = []
  for (const { path, digest, manifest, change } of outputs) {
    if (!digest || change === 'deleted') continue
    const blob = manifest ? await objects.read(`${branchRef}:${manifestPath(digest)}`) : undefined
    if (!manifest) files.push({ path, digest })
    else if (blob)
      files.push(
        ...parseManifest(blob.body).map((entry) => ({ path: `${path}/${pathText(entry.path)}`, digest: entry.digest })),
      )
  }
  return files
}

/** The runs listed in the note of a commit. */
async function runsAt(repository: Repository, objects: ObjectReader, commit: string): Promise<StoredRecord<Run>[]> {
  const { text } = await findNote(objects, readSettings(repository).notesRef, commit)
  const ids = parseNote(text).lines.flatMap((line) => (line.kind === 'run' ? [line.plan ?? line.id] : []))
  const views = await Promise.all([...new Set(ids)].map((id) => findRun(repository, objects, id)))
  return views.flatMap((view) => view?.finished ?? [])
}
