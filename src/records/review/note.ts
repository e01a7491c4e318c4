import { plainNote } from '../note-lines/kind-note.ts'

export const review = plainNote('review')
