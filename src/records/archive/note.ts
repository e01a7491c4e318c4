import { plainNote } from '../note-lines/kind-note.ts'

export const archive = plainNote('archive')
