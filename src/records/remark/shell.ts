import type { KindShell } from '../kind-shell.ts'
import type { Remark } from '../record.ts'

export const remark: KindShell<Remark> = {
  /** Which of its three texts it has stays visible, since lessons are listed. */
  keep({ text, lesson, failure }) {
    const said = Object.entries({ text, lesson, failure }).filter(([, words]) => words !== undefined)
    return Object.fromEntries(said.map(([name]) => [name, '']))
  },
  placed: (kept, placeholder) => Object.fromEntries(Object.keys(kept).map((name) => [name, placeholder])),
}
