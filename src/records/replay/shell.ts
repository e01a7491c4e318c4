import type { KindShell } from '../kind-shell.ts'
import type { Replay } from '../record.ts'

export const replay: KindShell<Replay> = {
  keep: ({ run, verdict, isolation, environment }) => ({
    run,
    verdict,
    isolation,
    environment,
    outputs: [],
    metrics: [],
    causes: [],
  }),
  placed: (kept, placeholder) => ({ ...kept, reason: placeholder }),
}
