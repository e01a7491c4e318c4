import { nearest } from '../../base/nearest.ts'
import { type CheckRule, readable } from '../../decisions/model/problem.ts'

const members = ['supersedes', 'superseded_by', 'related'] as const

export const links: CheckRule = {
  name: 'links',
  level: 'error',
  summary: 'the decisions a decision names exist',
  explain:
    'supersedes, superseded_by and related name other decisions by their ids. An id that is neither a file in decisions/ nor a decision on the provenance branch leads a reader nowhere. Correct the spelling, or take the line out.',
  check: (facts) => {
    const ids = new Set([...facts.drafts.map(({ slug }) => slug), ...facts.events.keys()])
    return readable(facts).flatMap(({ file, slug, decision }) =>
      members.flatMap((member) =>
        (decision[member] ?? []).flatMap((id, index) => {
          const place = { where: file, file, path: [member, index] }
          if (id === slug)
            return [{ ...place, message: `${member} names the decision itself`, hint: 'take the line out' }]
          if (ids.has(id)) return []
          const guess = nearest(id, [...ids])
          const hint = guess ? `did you mean '${guess}'?` : 'git prov decision list'
          return [{ ...place, message: `${member} names '${id}', which is not a decision here`, hint }]
        }),
      ),
    )
  },
}
