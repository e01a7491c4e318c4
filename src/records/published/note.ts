import { plainNote } from '../note-lines/kind-note.ts'

export const published = plainNote('published')
