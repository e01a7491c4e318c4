import { buildRecord, type Capture } from '../../src/records/record.ts'

const digest = 'd'.repeat(64)
const oid = 'c'.repeat(40)

/** A valid capture, with what a test wants different. */
export function capture(extra: Partial<Capture> = {}) {
  const fields = {
    kind: 'capture' as const,
    agent: { name: 'Mei', email: 'mei@example.org' },
    about: { commit: oid, tree: oid, parents: [] },
    trigger: 'post-commit' as const,
    late: false,
    environment: { digest, host: digest, software: digest },
    datasets: {
      train: { path: 'data/train', state: 'complete' as const, source: 'git' as const, digest, files: 1, bytes: 2 },
    },
    parameters: {},
    ...extra,
  }
  return buildRecord<Capture>(fields, new Date('2026-11-24T10:00:00.123Z'))
}
