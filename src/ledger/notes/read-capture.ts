import type { ObjectReader } from '../../git/objects/objects.ts'
import { parseNote } from '../../records/note.ts'
import { type CaptureNote, latestCapture } from '../../records/note-lines/capture-note.ts'
import type { Settings } from '../local/settings.ts'
import { findNote } from './notes.ts'

/** The capture a commit has in the notes. */
export async function readCapture(
  { objects, settings }: { objects: ObjectReader; settings: Pick<Settings, 'notesRef'> },
  commit: string,
): Promise<CaptureNote | undefined> {
  const { text } = await findNote(objects, settings.notesRef, commit)
  return latestCapture(parseNote(text).lines)
}
