import { plainNote } from '../note-lines/kind-note.ts'

export const policy = plainNote('policy')
