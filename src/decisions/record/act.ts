import { ProvError } from '../../base/errors.ts'
import type { Context } from '../../context.ts'
import { ObjectReader } from '../../git/objects/objects.ts'
import { aboutHere } from '../../recording/about-here.ts'
import type { Recording } from '../../recording/door.ts'
import { record } from '../../recording/record.ts'
import type { Decision } from '../../records/record.ts'
import { findDraft } from '../draft/find-draft.ts'
import { type DecisionEvent, lastRecorded } from '../model/event.ts'
import type { DecisionView } from '../model/view.ts'
import { readDecisions } from '../read-decisions.ts'

const statuses = { superseded: 'superseded', withdrawn: 'withdrawn', reopened: 'proposed' } as const

/** Actions that exist only as records. */
export type ActionOnRecord = keyof typeof statuses

/** The decision as typed, the reason, and the decision that replaces it, as typed. */
interface Act {
  word: string
  reason: string
  by?: string
}

/** Records an action on a decision. Throws `usage` when it is not possible. Returns the ids. */
export async function actOn(
  context: Context,
  action: ActionOnRecord,
  { word, reason, ...act }: Act,
): Promise<{ slug: string; by?: string }> {
  const views = await readDecisions(context)
  const view = findDraft(views, word)
  const last = requireRecorded(view, action)
  const by = act.by === undefined ? undefined : findDraft(views, act.by)
  if (action === 'superseded' && !by)
    throw new ProvError('usage', '--by is required: the decision that takes its place', {
      hint: `git prov decision supersede ${word} --by <id> -m '…'`,
    })
  await writeAction(context, view, last, action, reason, by)
  return { slug: view.slug, ...(by && { by: by.slug }) }
}

function requireRecorded({ slug, events, status }: DecisionView, action: ActionOnRecord): DecisionEvent {
  const last = lastRecorded(events)
  if (!last)
    throw new ProvError('usage', `decision '${slug}' is not recorded yet`, {
      hint: 'edit its file while it is a draft; it is recorded when it reaches the default branch',
    })
  if (status === statuses[action] && action !== 'reopened')
    throw new ProvError('usage', `decision '${slug}' is already ${status}`, { hint: `git prov decision show ${slug}` })
  return last
}

async function writeAction(
  context: Context,
  view: DecisionView,
  last: DecisionEvent,
  action: ActionOnRecord,
  reason: string,
  by: DecisionView | undefined,
): Promise<void> {
  const objects = new ObjectReader(context.repository())
  try {
    const about = await aboutHere(context, objects)
    if (!about) throw new ProvError('usage', 'there is no commit yet', { hint: 'git commit' })
    const successor = by && lastRecorded(by.events)
    const fields = { slug: view.slug, action, status: statuses[action], revision: last.revision, reason }
    await record<Decision>(context, objects, {
      kind: 'decision',
      about,
      fields: { ...fields, ...(by && { by: by.slug }) } as Recording<Decision>['fields'],
      links: [
        { rel: 'wasRevisionOf', to: `record:${last.id}` },
        ...(successor ? [{ rel: 'wasInformedBy' as const, to: `record:${successor.id}` }] : []),
      ],
    })
  } finally {
    objects.close()
  }
}
