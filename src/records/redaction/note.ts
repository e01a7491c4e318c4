import { plainNote } from '../note-lines/kind-note.ts'

export const redaction = plainNote('redaction')
