import { plainNote } from '../kind-note.ts'

export const outcome = plainNote('outcome')
