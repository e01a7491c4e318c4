import { plainNote } from '../kind-note.ts'

export const patches = plainNote('patches')
