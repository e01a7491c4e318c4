import { plainNote } from '../note-lines/kind-note.ts'

export const brief = plainNote('brief')
