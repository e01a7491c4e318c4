import { plainNote } from '../kind-note.ts'

export const restricted = plainNote('restricted')
