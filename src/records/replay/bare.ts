import type { KindBare } from '../kind-bare.ts'
import type { Replay } from '../record.ts'

export const replay: KindBare<Replay> = {
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
