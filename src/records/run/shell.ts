import type { KindShell } from '../kind-shell.ts'
import type { Run } from '../record.ts'

export const run: KindShell<Run> = {
  keep: ({ runId, phase, queued, started, ended, outcome, environment, imported }) => ({
    runId,
    phase,
    command: [],
    workingFolder: '.',
    inputs: [],
    parameters: {},
    environment,
    ...(queued !== undefined && { queued }),
    ...(started !== undefined && { started }),
    ...(ended !== undefined && { ended }),
    ...(outcome && { outcome: { status: outcome.status } }),
    // An import uses its key to recognise runs it already imported.
    ...(imported && { imported }),
  }),
  placed: (kept, placeholder) => ({ ...kept, command: [placeholder] }),
  files: ({ inputs, outputs = [], series }) => [...[...inputs, ...outputs].map(({ digest }) => digest), series],
}
