import { plainNote } from '../kind-note.ts'

export const policy = plainNote('policy')
