import { plainNote } from '../kind-note.ts'

export const audit = plainNote('audit')
