import { type CheckRule, evidenceKey, readable } from '../../decisions/model/problem.ts'

export const evidenceExists: CheckRule = {
  name: 'evidence-exists',
  level: 'error',
  summary: 'the evidence of a decision exists',
  explain:
    'Evidence names runs, datasets, commits and files, datasets and files with the digest they had when they were looked at. A name that leads nowhere proves nothing. git prov runs, git prov dataset list and git log print the names; git prov decision new --set evidence=dataset:<name> writes the digest of today. In a shallow clone, or one without the branch prov, what cannot be looked up is reported, and not counted as a problem of the decision.',
  check: (facts) =>
    readable(facts).flatMap(({ file, decision }) =>
      (decision.evidence ?? []).flatMap((evidence, index) => {
        const place = { where: file, file, path: ['evidence', index] }
        const needs = evidence.dataset !== undefined || evidence.file !== undefined
        const found = facts.evidence.get(evidenceKey(evidence))
        const now = found && 'now' in found ? found.now : undefined
        if (needs && evidence.digest === undefined)
          return [
            {
              ...place,
              message: `evidence[${index}] has no digest`,
              hint: now ? `write digest: ${now}` : 'write digest: and the SHA-256 it had',
            },
          ]
        if (found?.state === 'unchecked')
          return [
            {
              ...place,
              level: 'info' as const,
              message: `evidence[${index}] was not looked up: ${found.reason}`,
              hint: 'git fetch --unshallow; git prov init',
            },
          ]
        if (found?.state !== 'unknown') return []
        return [
          {
            ...place,
            message: `evidence[${index}] ${found.reason}`,
            hint: now ? `write digest: ${now}, or look at it again` : 'correct the name, or take the entry out',
          },
        ]
      }),
    ),
}
