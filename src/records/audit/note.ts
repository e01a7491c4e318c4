import { plainNote } from '../note-lines/kind-note.ts'

export const audit = plainNote('audit')
