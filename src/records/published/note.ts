import { plainNote } from '../kind-note.ts'

export const published = plainNote('published')
