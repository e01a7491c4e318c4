import { escapeLine } from '../base/escape.ts'
import { formatCount, plural } from '../base/quantity.ts'
import type { SyncPlan, SyncView } from '../ledger/share/sync-view.ts'

/** What was fetched and sent, in one line. */
export function renderSync(view: SyncView): string {
  const line = `prov: ${escapeLine(`${view.remote}  ${words(view)}`)}`
  return view.replaced ? `${line}\n${replaced(view)}` : line
}

/** We never force-push, so somebody removed it there. */
function replaced({ remote, replaced: lost = '', state }: SyncView): string {
  const back = state === 'synced' ? 'what was lost is restored there' : 'what was lost is still here'
  const text = `prov: the history on ${remote} was replaced: it no longer holds ${lost.slice(0, 10)}, which it had; ${back}`
  return escapeLine(`${text}; git prov verify --signatures`)
}

function words({ remote, state, received, sent, folded, races, problem }: SyncView): string {
  const came = received > 0 ? `${plural(received, 'record')} received` : ''
  const went = sent > 0 ? `${plural(sent, 'record')} sent` : ''
  const others = folded > 0 ? `${formatCount(folded)} ${folded === 1 ? 'inbox' : 'inboxes'} folded in` : ''
  const moved = [came, went, others].filter(Boolean).join(', ')
  if (state === 'kept')
    return `${[moved, problem ?? 'too busy'].filter(Boolean).join(', ')}; kept here, git prov sync sends it`
  if (state === 'rewritten')
    return `${moved ? `${moved}; ` : ''}still has the history that a redaction rewrote: git prov redact --push ${remote}`
  if (state === 'inbox')
    return `${[moved, 'busy'].filter(Boolean).join(', ')}: ours is in this clone's inbox there, for the next sync to fold in`
  if (moved) return moved
  return races > 0 ? 'sent through another clone' : 'up to date'
}

export function renderSyncPlan({ remote, url, records, commits, branch }: SyncPlan): string {
  const what = commits === 0 ? 'nothing' : `${plural(records, 'record')} in ${plural(commits, 'commit')} of ${branch}`
  return `prov: ${escapeLine(`${what} would go to ${remote} (${url})`)}`
}
