import { buildRecord, type Run } from '../../src/records/record.ts'

const digest = 'e'.repeat(64)

type Fields = { [K in keyof Run]?: Run[K] | undefined }

/** A run's record; `number` decides its runId, `time` when it was written. */
export function aRun(fields: Fields = {}, number = 1, time = '2026-11-25T09:00:00.000Z') {
  return buildRecord<Run>(
    {
      kind: 'run',
      agent: { name: 'Mei Chen', email: 'mei@example.org' },
      about: { commit: 'a'.repeat(40), tree: 'b'.repeat(40), parents: [] },
      runId: `0193${number.toString(16).padStart(4, '0')}-0000-7000-8000-000000000000`,
      phase: 'finished',
      command: ['python', 'train.py'],
      workingFolder: '.',
      environment: { digest, host: digest, software: digest },
      inputs: [],
      outputs: [],
      parameters: {},
      outcome: { status: 'ok', exitCode: 0 },
      ...fields,
    } as Parameters<typeof buildRecord<Run>>[0],
    new Date(time),
  )
}
