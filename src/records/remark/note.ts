import { plainNote } from '../kind-note.ts'

export const remark = plainNote('remark')
