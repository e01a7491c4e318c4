import type { KindNote } from '../note-lines/kind-note.ts'
import type { Replay } from '../record.ts'

export interface ReplayNote {
  kind: 'replay'
  id: string
  time: string
  /** Id of the run. */
  run: string
  verdict: string
}

export const replay: KindNote<Replay, ReplayNote> = {
  line: ({ time, run, verdict }, id) => ({ kind: 'replay', id, time, run, verdict }),
  read: ({ run, verdict }) => typeof run === 'string' && typeof verdict === 'string',
}
