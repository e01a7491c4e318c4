import { plainNote } from '../note-lines/kind-note.ts'

export const seal = plainNote('seal')
