import { plainNote } from '../note-lines/kind-note.ts'

export const patches = plainNote('patches')
