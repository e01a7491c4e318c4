import { plainNote } from '../note-lines/kind-note.ts'

export const restricted = plainNote('restricted')
