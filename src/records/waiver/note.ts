import { plainNote } from '../note-lines/kind-note.ts'

export const waiver = plainNote('waiver')
