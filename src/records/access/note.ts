import { plainNote } from '../note-lines/kind-note.ts'

export const access = plainNote('access')
