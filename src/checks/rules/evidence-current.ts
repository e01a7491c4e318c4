import { type CheckRule, evidenceKey, pastStatuses, readable } from '../../decisions/model/problem.ts'

export const evidenceCurrent: CheckRule = {
  name: 'evidence-current',
  level: 'warning',
  summary: 'the evidence of a decision has not changed',
  explain:
    'A decision that rests on a dataset, a file or a run says what was seen then. When the data was refreshed or the run turned out different, the decision may still be right, but nobody has looked. Look again; then write the new digest and what it shows as a new revision, or supersede the decision. A decision that is rejected, deprecated or superseded is left alone.',
  check: (facts) =>
    readable(facts).flatMap(({ file, slug, decision }) =>
      pastStatuses.has(decision.status)
        ? []
        : (decision.evidence ?? []).flatMap((evidence, index) => {
            const found = facts.evidence.get(evidenceKey(evidence))
            if (found?.state !== 'stale') return []
            const message = `evidence[${index}] is stale: ${found.reason}`
            const hint = found.now
              ? `look again, then write digest: ${found.now}; or git prov decision new --set supersedes=${slug}`
              : `look again; or git prov decision new --set supersedes=${slug}`
            return [
              {
                where: file,
                file,
                path: ['evidence', index],
                message,
                hint,
                ...(found.minor && { level: 'info' as const }),
              },
            ]
          }),
    ),
}
