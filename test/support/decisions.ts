import { buildRecord, type Decision } from '../../src/records/record.ts'

/** A decision's record as the merge of its file makes it, with what a test wants different. */
export function aDecision(fields: Partial<Decision> = {}, time = '2026-11-25T09:00:00.000Z') {
  const slug = fields.slug ?? 'use-focal-loss'
  return buildRecord<Decision>(
    {
      kind: 'decision',
      agent: { name: 'Mei Chen', email: 'mei@example.org' },
      about: { commit: 'a'.repeat(40), tree: 'b'.repeat(40), parents: [] },
      slug,
      action: 'recorded',
      status: 'accepted',
      revision: 1,
      file: `decisions/2026-11-23-${slug}.yaml`,
      digest: 'd'.repeat(64),
      decision: { title: 'Use focal loss', status: 'accepted' },
      ...fields,
    } as Parameters<typeof buildRecord<Decision>>[0],
    new Date(time),
  )
}
