import { plainNote } from '../kind-note.ts'

export const seal = plainNote('seal')
