import { plainNote } from '../kind-note.ts'

export const waiver = plainNote('waiver')
