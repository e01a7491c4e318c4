import { streamBlobs } from '../../git/objects/blob-stream.ts'
import type { ObjectReader } from '../../git/objects/objects.ts'
import type { Repository } from '../../git/repository.ts'
import { classifyPath } from '../../records/layout.ts'
import { type NoteLine, noteLines } from '../../records/note.ts'
import { addToNote } from '../../records/note-lines/note-order.ts'
import { maxRecordBytes, parseRecord } from '../../records/record.ts'
import { NotesTree } from './notes-tree.ts'

/**
 * The notes that change when records come: path in the notes tree to its new text. What comes of it is what a rebuild
 * would make, at the cost of the new records alone. A record that does not prove has no line.
 */
export async function updatedNotes(
  repository: Repository,
  objects: ObjectReader,
  notes: string | undefined,
  files: readonly { path: string; oid: string }[],
): Promise<Map<string, string>> {
  const tree = new NotesTree(objects, notes)
  const [lines] = await Promise.all([collectLines(repository, files), files.length > manyFiles && tree.begin()])
  const places = await Promise.all([...lines.keys()].map((commit) => tree.find(commit)))
  const changed = new Map<string, string>()
  for (const [index, added] of [...lines.values()].entries()) {
    const { path, text } = places[index] as { path: string; text: string }
    const after = addToNote(text, added)
    if (after !== text) changed.set(path, after)
  }
  return changed
}

// About as many as there are folders of notes on one level.
const manyFiles = 256

async function collectLines(
  repository: Repository,
  files: readonly { path: string; oid: string }[],
): Promise<Map<string, NoteLine[]>> {
  const lines = new Map<string, NoteLine[]>()
  for await (const batch of streamBlobs(repository, [files], maxRecordBytes)) {
    for (const { file, body } of batch)
      for (const [commit, line] of linesIn(file.path, body))
        if (lines.get(commit)?.push(line) === undefined) lines.set(commit, [line])
  }
  return lines
}

function linesIn(path: string, body: Buffer | undefined): Iterable<[string, NoteLine]> {
  const file = classifyPath(path)
  if (file?.kind !== 'record' || !body) return []
  try {
    return noteLines(parseRecord(body, file.id))
  } catch {
    return []
  }
}
