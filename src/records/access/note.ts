import { plainNote } from '../kind-note.ts'

export const access = plainNote('access')
