import { plainNote } from '../kind-note.ts'

export const review = plainNote('review')
