import type { DecisionDraft } from '../decision/decision.ts'
import { type CheckFacts, type CheckRule, type Remark, readable } from './rule.ts'

/** Statuses in which a decision does take the place of another. */
const inForce: ReadonlySet<string> = new Set(['accepted', 'deprecated', 'superseded'])

export const supersedes: CheckRule = {
  name: 'supersedes',
  level: 'error',
  summary: 'a superseded decision and the one in its place name each other',
  explain:
    'Whoever reads the older decision must find the newer one, and the other way round. The newer says supersedes: [<old id>]; once it is accepted the older says status: superseded and superseded_by: [<new id>]. git prov decision accept <new id> writes both.',
  check: (facts) => {
    const files = new Map(readable(facts).map((draft) => [draft.slug, draft]))
    return readable(facts).flatMap((draft) => [...forward(draft, files, facts), ...backward(draft, files)])
  },
}

type Readable = DecisionDraft & Required<Pick<DecisionDraft, 'decision'>>

function forward(
  { file, slug, decision }: Readable,
  files: ReadonlyMap<string, Readable>,
  { events }: CheckFacts,
): Remark[] {
  if (!inForce.has(decision.status)) return []
  return (decision.supersedes ?? []).flatMap((id, index) => {
    const old = files.get(id)
    if (!old || old.decision.superseded_by?.includes(slug)) return []
    if (events.get(id)?.some(({ action, by }) => action === 'superseded' && by === slug)) return []
    const message = `supersedes names '${id}', and ${old.file} does not say superseded_by: [${slug}]`
    return [
      { where: file, file, path: ['supersedes', index], message, hint: `git prov decision accept ${slug} writes it` },
    ]
  })
}

function backward({ file, slug, decision }: Readable, files: ReadonlyMap<string, Readable>): Remark[] {
  const unsaid = (decision.superseded_by ?? []).flatMap((id, index) => {
    const newer = files.get(id)
    if (!newer || newer.decision.supersedes?.includes(slug)) return []
    const message = `superseded_by names '${id}', and ${newer.file} does not say supersedes: [${slug}]`
    return [{ where: file, file, path: ['superseded_by', index], message, hint: `add it there, or take it out here` }]
  })
  if (decision.status !== 'superseded' || decision.superseded_by?.length) return unsaid
  const message = 'status is superseded, and nothing says by what'
  return [
    ...unsaid,
    { where: file, file, path: ['status'], message, hint: 'write superseded_by: [<id>], or status: deprecated' },
  ]
}
