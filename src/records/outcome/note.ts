import { plainNote } from '../note-lines/kind-note.ts'

export const outcome = plainNote('outcome')
