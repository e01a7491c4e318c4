import { plainNote } from '../kind-note.ts'

export const archive = plainNote('archive')
