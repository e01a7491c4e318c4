import { plainNote } from '../kind-note.ts'

export const redaction = plainNote('redaction')
