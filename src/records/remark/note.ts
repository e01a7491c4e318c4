import { plainNote } from '../note-lines/kind-note.ts'

export const remark = plainNote('remark')
