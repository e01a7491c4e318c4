import { ProvError } from '../base/errors.ts'
import { escapeLine } from '../base/escape.ts'
import type { Context } from '../context.ts'
import { ObjectReader } from '../git/objects/objects.ts'
import { appendNow, presentOf } from '../recording/present.ts'
import { privacyOf } from '../recording/privacy/privacy.ts'
import { buildRecord, type Decision } from '../records/record.ts'
import type { DecisionAction } from './action.ts'
import { findDraft } from './draft/find-draft.ts'
import { type DecisionEvent, lastRecorded } from './model/event.ts'
import type { DecisionView } from './model/view.ts'
import { readDecisions } from './read-decisions.ts'

const statuses = { superseded: 'superseded', withdrawn: 'withdrawn', reopened: 'proposed' } as const
const verbs = { superseded: 'supersede', withdrawn: 'withdraw', reopened: 'reopen' } as const

/** `git prov decision supersede|withdraw|reopen <id>`: a record; the file stays as it is. */
export function actOn(action: keyof typeof statuses): DecisionAction {
  return async ({ flags, words: [word, ...rest] }, context) => {
    const verb = verbs[action]
    const reason = flags.message as string | undefined
    if (word === undefined || rest.length > 0)
      throw new ProvError('usage', 'name one decision', { hint: 'git prov decision list' })
    if (!reason?.trim())
      throw new ProvError('usage', `say why it is ${action}`, { hint: `git prov decision ${verb} ${word} -m '…'` })
    const views = await readDecisions(context)
    const view = findDraft(views, word)
    const last = requireRecorded(view, action)
    const by = flags.by === undefined ? undefined : findDraft(views, String(flags.by))
    if (action === 'superseded' && !by)
      throw new ProvError('usage', 'say which decision takes its place', {
        hint: `git prov decision supersede ${word} --by <id> -m '…'`,
      })
    await append(context, view, last, action, reason.trim(), by)
    context.stdout.write(`prov: ${escapeLine(view.slug)} ${action}${by ? ` by ${escapeLine(by.slug)}` : ''}\n`)
    return 0
  }
}

function requireRecorded({ slug, events, status }: DecisionView, action: keyof typeof statuses): DecisionEvent {
  const last = lastRecorded(events)
  if (!last)
    throw new ProvError('usage', `decision '${slug}' is not on the record yet`, {
      hint: 'edit its file while it is a draft; it is recorded when it reaches the default branch',
    })
  if (status === statuses[action] && action !== 'reopened')
    throw new ProvError('usage', `decision '${slug}' is ${status} already`, { hint: `git prov decision show ${slug}` })
  return last
}

async function append(
  context: Context,
  view: DecisionView,
  last: DecisionEvent,
  action: keyof typeof statuses,
  reason: string,
  by: DecisionView | undefined,
): Promise<void> {
  const objects = new ObjectReader(context.repository())
  try {
    const present = await presentOf(context, objects)
    if (!present.about) throw new ProvError('usage', 'there is no commit yet', { hint: 'git commit' })
    const successor = by && lastRecorded(by.events)
    const record = buildRecord<Decision>(
      {
        kind: 'decision',
        agent: present.agent,
        about: present.about,
        slug: view.slug,
        action,
        status: statuses[action],
        revision: last.revision,
        reason: (await privacyOf(context)).redactor.redact(reason, 'reason').text,
        ...(by && { by: by.slug }),
        links: [
          { rel: 'wasRevisionOf', to: `record:${last.id}` },
          ...(successor ? [{ rel: 'wasInformedBy' as const, to: `record:${successor.id}` }] : []),
        ],
      } as Parameters<typeof buildRecord<Decision>>[0],
      context.now(),
    )
    await appendNow(context, objects, present, [{ record }])
  } finally {
    objects.close()
  }
}
