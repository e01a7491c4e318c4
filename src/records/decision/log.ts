import type { NoteLine } from '../note.ts'

/** The decisions of a commit, one line each: `use-focal-loss  accepted, reviewed by R. Okafor`. Not escaped yet. */
export function describeDecisions(lines: readonly NoteLine[]): string[] {
  const last = new Map<string, string>()
  for (const line of lines) {
    if (line.kind !== 'decision') continue
    const reviewed = line.reviewers?.length ? `, reviewed by ${line.reviewers.join(', ')}` : ''
    last.set(line.slug, `${line.slug}  ${line.action === 'recorded' ? line.status : line.action}${reviewed}`)
  }
  return [...last.values()]
}
