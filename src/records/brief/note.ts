import { plainNote } from '../kind-note.ts'

export const brief = plainNote('brief')
