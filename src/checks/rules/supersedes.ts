import type { DecisionDraft, DecisionLinks } from '../../decisions/model/decision.ts'
import type { CheckFacts, CheckRule, Diagnostic } from '../../decisions/model/problem.ts'

/** Statuses in which a decision really replaces another. */
const inForce: ReadonlySet<string> = new Set(['accepted', 'deprecated', 'superseded'])

export const supersedes: CheckRule = {
  name: 'supersedes',
  level: 'error',
  summary: 'a superseded decision and the one in its place name each other',
  explain:
    'Whoever reads the older decision must find the newer one, and the other way round. The newer says supersedes: [<old id>]; once it is accepted the older says status: superseded and superseded_by: [<new id>]. git prov decision accept <new id> writes both.',
  check: (facts) => {
    const files = new Map(facts.drafts.flatMap((draft) => (isRead(draft) ? [[draft.slug, draft] as const] : [])))
    return [...files.values()].flatMap((draft) => [...forward(draft, files, facts), ...backward(draft, files)])
  },
}

type Linked = DecisionDraft & { links: DecisionLinks }
const isRead = (draft: DecisionDraft): draft is Linked => draft.links !== undefined

function forward(draft: Linked, files: ReadonlyMap<string, Linked>, { events }: CheckFacts): Diagnostic[] {
  const { file, slug, links } = draft
  if (!inForce.has(links.status)) return []
  return (links.supersedes ?? []).flatMap((id, index) => {
    const old = files.get(id)
    if (!old || old.links.superseded_by?.includes(slug)) return []
    if (events.get(id)?.some(({ action, by }) => action === 'superseded' && by === slug)) return []
    const message = `supersedes names '${id}', and ${old.file} does not say superseded_by: [${slug}]`
    const hint = `git prov decision accept ${slug} writes it`
    return [{ where: file, file, path: ['supersedes', index], message, hint }]
  })
}

function backward({ file, slug, links }: Linked, files: ReadonlyMap<string, Linked>): Diagnostic[] {
  const unsaid = (links.superseded_by ?? []).flatMap((id, index) => {
    const newer = files.get(id)
    if (!newer || newer.links.supersedes?.includes(slug)) return []
    const message = `superseded_by names '${id}', and ${newer.file} does not say supersedes: [${slug}]`
    return [{ where: file, file, path: ['superseded_by', index], message, hint: 'add it there, or take it out here' }]
  })
  if (links.status !== 'superseded' || links.superseded_by?.length) return unsaid
  const message = 'status is superseded, and nothing says by what'
  const hint = 'write superseded_by: [<id>], or status: deprecated'
  return [...unsaid, { where: file, file, path: ['status'], message, hint }]
}
